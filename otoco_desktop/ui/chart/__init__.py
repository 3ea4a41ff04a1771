"""The price chart: what it shows is made without Qt, drawn by pyqtgraph and one layer of our own over it."""
