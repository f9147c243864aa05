"""The Excel tables that secretaries keep: read with every finding at once, previewed, and written back."""
