package catalogue

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// shown reports that customers read about a service, or soon will: it is for
// customers, and in transition, live or retiring, or submitted for publication.
func shown(f *finding.Facts, h model.Handle, s *model.Service) bool {
	if s.Facing != "customer" || s.Stage == model.StageRetired {
		return false
	}
	if s.Stage.Rank() >= model.StageTransition.Rank() {
		return true
	}
	_, d := lastWord(f, h)
	return d != nil && (d.Type == "submission" || d.Type == "publication")
}

// characteristic is one thing that a sheet must say.
type characteristic struct {
	name, at string
	label    model.Text
	text     model.Text // as written
	said     bool       // said otherwise than by a text
}

// checkSheet is CAT-002: one finding for each characteristic missing in a language.
func checkSheet(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	s := finding.Spec[model.Service](f, h)
	if !shown(f, h, s) {
		return
	}
	languages := f.Snap.Organisation().Languages
	for _, c := range characteristics(f, h, s) {
		var lacking []model.Text
		if !c.said {
			for _, l := range languages {
				if !c.text.Has(l) {
					lacking = append(lacking, languageName(l))
				}
			}
		}
		if len(lacking) == 0 && (c.said || !c.text.IsZero()) {
			continue
		}
		x := finding.Finding{Part: "sheet/" + c.name, Pointer: c.at, Args: finding.Args{"what": c.label, "which": c.name, "languages": lacking, "n": len(lacking)}}
		if len(lacking) > 0 && !c.text.IsZero() {
			x.Variant = "language"
		}
		emit(x)
	}
}

// characteristics lists the eight with what the service says of each: in its sheet,
// or in an offering or an agreement where that says it.
func characteristics(f *finding.Facts, h model.Handle, s *model.Service) []characteristic {
	hours := f.Snap.Get(s.Sheet.Hours) != nil
	price, level := s.Sheet.Free, false
	for _, in := range f.Snap.In(h) {
		o := f.Snap.Object(in.From)
		if o == nil {
			continue
		}
		switch x := o.Spec.(type) {
		case *model.Offering:
			hours = hours || !x.Hours.IsZero()
			price = price || x.Price != nil
			level = level || !x.Level.IsZero()
		case *model.Agreement:
			hours = hours || in.Field.Name == "services" && x.Type != "ola" && !x.Hours.IsZero()
		}
	}
	out := []characteristic{{name: "title", at: "/metadata/title", text: f.Snap.Object(h).Metadata.Title, label: model.MetadataFields[0].Label}}
	for _, field := range sheetFields {
		c := characteristic{name: field.Name, at: "/spec/sheet/" + field.Name, label: field.Label}
		switch field.Name {
		case "summary":
			c.text = s.Sheet.Summary
		case "forWhom":
			c.text = s.Sheet.ForWhom
		case "hours":
			c.said = hours
		case "howToRequest":
			c.text = s.Sheet.HowToRequest
		case "contact":
			c.text = s.Sheet.Contact
		case "price":
			c.text, c.said = s.Sheet.Price, price
		case "levels":
			c.text, c.said = s.Sheet.Levels, level
		}
		out = append(out, c)
	}
	return out
}

// sheetFields are the fields of the sheet that must be filled.
var sheetFields = func() []*model.Field {
	var out []*model.Field
	for _, f := range model.KindOf("service").Fields {
		if f.Name != "sheet" {
			continue
		}
		for _, x := range f.Fields {
			if slices.Contains([]string{"summary", "forWhom", "hours", "howToRequest", "contact", "price", "levels"}, x.Name) {
				out = append(out, x)
			}
		}
	}
	return out
}()

// languageName is the name of a language of the organisation.
func languageName(code string) model.Text {
	for _, f := range model.KindOf("organisation").Fields {
		if f.Name == "languages" {
			for _, c := range f.Choices {
				if c.Value == code {
					return c.Label
				}
			}
		}
	}
	return model.Text{All: code}
}
