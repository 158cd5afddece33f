package sqlite

// syncFolder does nothing: Windows offers no sync of a folder, its file systems
// journal renames.
func syncFolder(string) error { return nil }
