"""What a board shows before anything is chosen: the first steps, then what went on lately.

Its scripts are published here, so that their addresses are those of the files themselves.
"""

import reflex as rx

PUBLISHED = "$/public/external/openviber_app/ui/first"

for _script in ("first_steps.jsx", "recent_threads.jsx", "repository_address.js", "sample.js"):
    rx.asset(_script, shared=True)
