"""Paper: the forms that hang on a wall or go into a binder, set from facts into PDF, picture and .docx."""
