package app

import (
	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/availability"
)

// ImportLacks says in words which data imported objects lack for a prediction of
// availability; nothing where they lack none. They are laid over a model, nil where they
// are all there is.
func ImportLacks(w language.Writer, over *model.Snapshot, on model.Date, objects []*model.Object) string {
	if over == nil {
		over, _ = model.NewSnapshot(1, nil)
	}
	refs := make([]model.Ref, 0, len(objects))
	for _, o := range objects {
		refs = append(refs, o.Ref())
	}
	snap := over.With(over.Seq, objects, nil)
	lacking, all := availability.Lacking(assess.Facts(snap, on), refs)
	if len(lacking) == 0 {
		return ""
	}
	w.Title = WriterFor(snap, w.Lang).Title
	return w.Message("import.lacks", finding.Args{"n": len(lacking), "all": all, "list": lacking[:min(len(lacking), 5)], "more": max(len(lacking)-5, 0)})
}
