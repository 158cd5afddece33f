package store

import (
	"errors"
	"fmt"
	"strings"
)

// Code is the stable name of a failure; prose in other languages is found by
// it.
type Code string

// The codes of a store's errors.
const (
	CodeConflict       Code = "conflict"        // *ConflictError
	CodeNotFound       Code = "not_found"       // no such object, draft, blob, setting, entry
	CodeInvalid        Code = "invalid"         // the call itself makes no sense
	CodeErased         Code = "erased"          // was there, erased since
	CodeDraftChanged   Code = "draft_changed"   // someone updated the draft in between
	CodeBlobTooLarge   Code = "blob_too_large"  // attachment over its limit
	CodeInUse          Code = "in_use"          // another process serves this data folder
	CodeLocked         Code = "locked"          // the database stayed locked by another program
	CodeDiskFull       Code = "disk_full"       // no space left
	CodeReadOnly       Code = "read_only"       // folder or database cannot be written
	CodeCorrupt        Code = "corrupt"         // the file is damaged or no Diapason store
	CodeDisk           Code = "disk"            // reading or writing the disk failed
	CodeNewerFormat    Code = "newer_format"    // written by a newer Diapason
	CodeUnavailable    Code = "unavailable"     // no database answers
	CodeOutcomeUnknown Code = "outcome_unknown" // the connection broke while committing
	CodeGap            Code = "gap"             // entries are missing from the log
	CodeClosed         Code = "closed"          // the store was closed
	CodeNoFolder       Code = "no_folder"       // a file stands where the data folder would be
	CodeSetup          Code = "setup"           // the database refused the set-up
)

// Error is a failure of the store: what is wrong, where, and what to do.
type Error struct {
	Code Code
	// Problem says what is wrong, in one clause without a final stop.
	Problem string
	// Remedy says what to do about it, in one clause; may be empty.
	Remedy string
	// Place is the file, folder, address or object it is about; may be empty.
	Place string
	// Format and Known are the data format found and the last one this program
	// knows, for CodeNewerFormat.
	Format, Known int64
	// Cause is the driver's or the system's error, for logs.
	Cause error
}

// Error is the whole sentence, cause left out.
func (e *Error) Error() string {
	s := e.Problem
	if e.Remedy != "" {
		s += ": " + e.Remedy
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// CodeOf finds the code of an error from a store; empty when it has none.
func CodeOf(err error) Code {
	var conflict *ConflictError
	if errors.As(err, &conflict) {
		return CodeConflict
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Conflict is one object whose version is not the one its author expected.
type Conflict struct {
	UID, Kind, Name string
	// Expected is what the put asked for; Have the seq of the object's last
	// change, MustNotExist when no such object lives.
	Expected, Have Seq
	// Holder is the uid of another living object that bears the same kind and
	// name; empty otherwise.
	Holder string
}

// String tells the conflict in one clause.
func (c Conflict) String() string {
	name := c.Kind + "/" + c.Name
	switch {
	case c.Holder != "":
		return fmt.Sprintf("%s already exists (uid %s)", name, c.Holder)
	case c.Have == MustNotExist:
		return fmt.Sprintf("%s does not exist any more", name)
	case c.Expected == MustNotExist:
		return fmt.Sprintf("%s already exists since entry %d", name, c.Have)
	default:
		return fmt.Sprintf("%s was changed by entry %d, after version %d that this change is based on", name, c.Have, c.Expected)
	}
}

// ConflictError lists every object that refuses a commit.
type ConflictError struct {
	Conflicts []Conflict
}

// Error names the first conflicts and counts the others.
func (e *ConflictError) Error() string {
	const shown = 3
	var parts []string
	for i, c := range e.Conflicts {
		if i == shown {
			parts = append(parts, fmt.Sprintf("and %d more", len(e.Conflicts)-shown))
			break
		}
		parts = append(parts, c.String())
	}
	return "the change conflicts with others: " + strings.Join(parts, "; ")
}
