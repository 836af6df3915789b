"""The subcommands of `precise`, one file each; `precise.cli` loads the one that is asked for."""
