"""One file per service task; the file is named as the operation in the diagram."""
