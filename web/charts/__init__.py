"""Charts: one definition of each gives the server's SVG, the browser's hover values and the table."""
