"""The pages about accounts, a module a subject: access, service, render."""
