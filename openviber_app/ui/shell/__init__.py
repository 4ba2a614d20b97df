"""What belongs to no page: palette, shortcuts, the person's menu, the tab's own signs."""
