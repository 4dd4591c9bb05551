"""Where the work fits.  Pure: values in, values out."""
