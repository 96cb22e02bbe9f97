"""Methods: one file for each way to get from views to labels."""
