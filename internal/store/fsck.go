package store

import "fmt"

// ProblemType is the stable name of what Fsck found.
type ProblemType string

// The closed list of problems.
const (
	DocumentChanged ProblemType = "document_changed" // a document or its salt is not what the log committed to
	NameChanged     ProblemType = "name_changed"     // a kind or name is not what the log committed to
	TextChanged     ProblemType = "text_changed"     // a title, reason or body is not what the log committed to
	RowMissing      ProblemType = "row_missing"      // an entry has fewer rows than it counted
	RowExtra        ProblemType = "row_extra"        // an entry has more rows than it counted, or a row belongs to no entry
	LeafChanged     ProblemType = "leaf_changed"     // an entry recomputed from the tables has another hash than in the tree
	EntryMissing    ProblemType = "entry_missing"    // a seq of the log has no entry
	EntryOrder      ProblemType = "entry_order"      // a base or time does not fit its place in the log
	VersionChain    ProblemType = "version_chain"    // the versions of an object do not follow each other
	NameTwice       ProblemType = "name_twice"       // two living objects bear one name
	TileChanged     ProblemType = "tile_changed"     // a stored hash of the tree is not that of its children
	TileMissing     ProblemType = "tile_missing"     // hashes of the tree are missing
	TileExtra       ProblemType = "tile_extra"       // the tree holds more hashes than the log has entries
	CheckpointOther ProblemType = "checkpoint_other" // the tree does not continue the checkpoint given
	ErasureUnknown  ProblemType = "erasure_unknown"  // content was erased by an entry that is not in the log
	BlobChanged     ProblemType = "blob_changed"     // an attachment's content has another hash than its address
	BlobMissing     ProblemType = "blob_missing"     // an attachment's content is gone
	CursorAhead     ProblemType = "cursor_ahead"     // a consumer claims entries that do not exist
)

// Problem is one disagreement between log, tree and tables.
type Problem struct {
	Type ProblemType
	// Seq is the entry concerned, 0 for none.
	Seq Seq
	// UID, Kind and Name are the object concerned, if any.
	UID, Kind, Name string
	// Detail names the part concerned: "title", a tile, a blob's address.
	Detail string
	// Want and Have are the counts or seqs that disagree, where it has a sense.
	Want, Have int64
}

func (p Problem) object() string {
	if p.Kind == "" && p.Name == "" {
		return "object " + p.UID
	}
	return fmt.Sprintf("%s/%s (uid %s)", p.Kind, p.Name, p.UID)
}

// String tells the problem in one sentence.
func (p Problem) String() string {
	switch p.Type {
	case DocumentChanged:
		return fmt.Sprintf("entry %d: the document of %s is not the one that was committed", p.Seq, p.object())
	case NameChanged:
		return fmt.Sprintf("entry %d: the kind or name of %s is not the one that was committed", p.Seq, p.object())
	case TextChanged:
		return fmt.Sprintf("entry %d: its %s is not the one that was committed", p.Seq, p.Detail)
	case RowMissing:
		return fmt.Sprintf("entry %d changed %d objects, only %d are in the table", p.Seq, p.Want, p.Have)
	case RowExtra:
		if p.UID != "" {
			return fmt.Sprintf("%s has a version of entry %d, which does not exist", p.object(), p.Seq)
		}
		return fmt.Sprintf("entry %d changed %d objects, but %d are in the table", p.Seq, p.Want, p.Have)
	case LeafChanged:
		return fmt.Sprintf("entry %d: what the tables say of it is not what the tree committed to", p.Seq)
	case EntryMissing:
		return fmt.Sprintf("entry %d is missing from the log", p.Seq)
	case EntryOrder:
		return fmt.Sprintf("entry %d: its %s does not fit its place in the log", p.Seq, p.Detail)
	case VersionChain:
		return fmt.Sprintf("%s: the version of entry %d should end at %d, it ends at %d (0: never)", p.object(), p.Seq, p.Want, p.Have)
	case NameTwice:
		return fmt.Sprintf("%d living objects bear the name %s/%s", p.Have, p.Kind, p.Name)
	case TileChanged:
		return fmt.Sprintf("the tree's %s does not follow from the hashes below it", p.Detail)
	case TileMissing:
		return fmt.Sprintf("the tree's %s should hold %d hashes, it holds %d", p.Detail, p.Want, p.Have)
	case TileExtra:
		return fmt.Sprintf("the tree's %s holds %d hashes, %d are expected for the entries of the log", p.Detail, p.Have, p.Want)
	case CheckpointOther:
		return fmt.Sprintf("the log does not continue the checkpoint of size %d: %s", p.Want, p.Detail)
	case ErasureUnknown:
		return fmt.Sprintf("entry %d: the %s says it was erased by entry %d, which does not exist", p.Seq, p.Detail, p.Have)
	case BlobChanged:
		return fmt.Sprintf("the attachment %s does not have the content its address says", p.Detail)
	case BlobMissing:
		return fmt.Sprintf("the content of the attachment %s is missing", p.Detail)
	case CursorAhead:
		return fmt.Sprintf("the consumer %s claims to have read up to entry %d, the log ends at %d", p.Detail, p.Have, p.Want)
	default:
		return fmt.Sprintf("unknown problem %q at entry %d", string(p.Type), p.Seq)
	}
}

// FsckOptions tunes Fsck; the zero value is a full check.
type FsckOptions struct {
	// Checkpoint is a signed checkpoint kept elsewhere: the log must continue
	// it. It shows a log that was cut or rewritten as a whole.
	Checkpoint []byte
	// Progress is called now and then with the entries done and to do.
	Progress func(done, total Seq)
	// Limit is the number of problems listed, 1000 when zero; all are counted.
	Limit int
}

// FsckReport is the outcome of Fsck.
type FsckReport struct {
	Entries, Versions, Blobs int64
	// Erased counts versions and texts whose content is erased: their
	// commitments were checked, their content cannot be.
	Erased int64
	// Problems lists the first problems found; Total counts all of them.
	Problems []Problem
	Total    int64
}
