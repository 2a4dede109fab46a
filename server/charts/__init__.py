"""Charts: one geometry and one template, drawn for pages as SVG and for the wire as PNG."""
