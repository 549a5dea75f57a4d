"""What an expression is and becomes: values, conversion, comparison, storing."""
