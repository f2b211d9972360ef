"""One function per question; page, command and export ask the same one."""
