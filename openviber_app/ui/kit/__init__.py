"""The design system: the only part of the pages that knows a component library."""
