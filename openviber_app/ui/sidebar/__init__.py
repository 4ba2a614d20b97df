"""The sidebar of every page: the environment one is in, its threads, the others, the nodes.

Its scripts are published here, so that their addresses are those of the files themselves.
"""

import reflex as rx

PUBLISHED = "$/public/external/openviber_app/ui/sidebar"

for _script in (
    *("environment_list.jsx", "new_thread.jsx"),
    *("thread_actions.js", "thread_cache.js", "thread_found.jsx", "thread_list.jsx"),
    *("thread_plan.js", "thread_row.jsx", "thread_words.js"),
):
    rx.asset(_script, shared=True)
