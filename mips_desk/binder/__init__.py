"""The auditor-ready binder: outline as plain data, pages, seal, check and preview. Knows only the domain."""
