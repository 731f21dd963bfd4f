"""The commands of `./izin`: one module per subject, each with NAME, HELP, arguments() and run()."""
