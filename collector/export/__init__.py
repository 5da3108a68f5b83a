"""What other systems read: metrics and health."""
