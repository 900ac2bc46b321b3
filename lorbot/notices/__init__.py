"""What the application portals tell applicants about letters, as data: one file for each sender; docs/notices.md."""
