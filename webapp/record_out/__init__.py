"""What goes into every export of the record as it is: the stand-alone check."""
