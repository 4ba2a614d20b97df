"""What the product can do."""
