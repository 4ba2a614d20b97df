"""The screens: Reflex components that read states."""
