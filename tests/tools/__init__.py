"""What tests stand on besides the code: a database server, a browser, the launcher."""
