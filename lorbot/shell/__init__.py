"""Does one thing at a time, and holds no rule of the domain: IMAP, SMTP, files, the scheduler."""
