package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"diapason/internal/app"
	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/table"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
)

// maxUpload is the largest upload of tables, in bytes.
const maxUpload = 64 << 20

type mappingView struct {
	Name        string     `json:"name"`
	Title       model.Text `json:"title"`
	Description model.Text `json:"description"`
}

type cellErrorView struct {
	table.CellError
	Message string `json:"message"`
}

type noteView struct {
	intake.Place
	Outcome intake.Outcome `json:"outcome"`
	What    string         `json:"what"`
	Message string         `json:"message"`
}

type importView struct {
	Rows      int                `json:"rows"`
	Objects   int                `json:"objects"`
	Creates   int                `json:"creates"`
	Updates   int                `json:"updates"`
	Unchanged int                `json:"unchanged"`
	Errors    []cellErrorView    `json:"errors"`
	Unknown   []noteView         `json:"unknown"`
	Changes   []app.ObjectChange `json:"changes"`
	More      bool               `json:"more"`
	Lacks     string             `json:"lacks,omitempty"` // what a prediction of availability lacks, in words
}

func (s *Server) tableRoutes() {
	s.mux.HandleFunc("GET /api/v1/mappings", s.mappings)
	s.mux.HandleFunc("GET /api/v1/tables/{file}", s.exportTable)
	s.mux.HandleFunc("POST /api/v1/imports/preview", func(w http.ResponseWriter, r *http.Request) { s.importTables(w, r, false) })
	s.mux.HandleFunc("POST /api/v1/imports/draft", func(w http.ResponseWriter, r *http.Request) { s.importTables(w, r, true) })
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func (s *Server) mappings(w http.ResponseWriter, r *http.Request) {
	if !callerOf(r.Context()).actor.SignedIn() {
		s.writeProblem(w, r, &app.Error{Code: app.CodeSignIn})
		return
	}
	list := []mappingView{}
	say := func(key string) model.Text {
		return model.T(language.Writer{Lang: language.EN}.Message(key, nil), language.Writer{Lang: language.FR}.Message(key, nil))
	}
	for _, name := range append([]string{app.OwnTable}, app.ImportSources...) {
		list = append(list, mappingView{Name: name, Title: say("import.source." + name)})
	}
	for _, m := range table.Shipped() {
		list = append(list, mappingView{m.Name, m.Title, m.Description})
	}
	writeJSON(w, http.StatusOK, list)
}

// exportTable writes the list of a kind as XLSX or CSV, with the filters of the
// list itself; it can be edited and taken back.
func (s *Server) exportTable(w http.ResponseWriter, r *http.Request) {
	ctx, q := r.Context(), r.URL.Query()
	slug, ext, _ := strings.Cut(r.PathValue("file"), ".")
	k := model.KindOf(slug)
	format := table.Format(ext)
	if k == nil || format != table.XLSX && format != table.CSV {
		s.writeProblem(w, r, &app.Error{Code: app.CodeNotFound, Args: finding.Args{"what": r.PathValue("file")}})
		return
	}
	seq, _ := strconv.ParseInt(q.Get("seq"), 10, 64)
	v, err := s.view(ctx, View{Seq: seq, On: q.Get("on"), Draft: q.Get("draft")})
	in := listInput{Kind: k.Slug, Text: q.Get("q"), Owner: q.Get("owner"), Status: q.Get("status"), Filter: q["filter"], Sort: q.Get("sort")}
	var list app.ListQuery
	if err == nil {
		list, err = in.query(ctx)
	}
	var objects []*model.Object
	if err == nil {
		objects, err = s.app.TableRows(ctx, callerOf(ctx).actor, v, list)
	}
	if err != nil {
		s.writeProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", format.MediaType())
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": k.Slug + "." + ext}))
	if err := table.Write(w, k, objects, callerOf(ctx).lang, format); err != nil {
		s.log.Error("table export", "kind", k.Slug, "error", err)
	}
}

// uploads reads the parts "file" and "mapping" of a multipart form.
func uploads(w http.ResponseWriter, r *http.Request) (files []intake.File, src app.ImportSource, title string, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	mr, err := r.MultipartReader()
	if err != nil {
		return nil, src, "", invalid("/file", &model.Fault{Format: "send multipart/form-data with the parts \"file\" and \"mapping\""})
	}
	for {
		part, err := mr.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, src, "", tooLargeOr(err)
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return nil, src, "", tooLargeOr(err)
		}
		switch part.FormName() {
		case "file":
			files = append(files, intake.File{Name: part.FileName(), Data: data})
		case "mapping":
			if text := string(data); strings.ContainsAny(text, "\n:") {
				src.Text = data
			} else {
				src.Name = strings.TrimSpace(text)
			}
		case "title":
			title = string(data)
		}
	}
	if len(files) == 0 {
		return nil, src, "", invalid("/file", &model.Fault{Format: "no part \"file\" was sent"})
	}
	if title == "" {
		title = files[0].Name
	}
	return files, src, title, nil
}

func tooLargeOr(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return problemOf(http.StatusRequestEntityTooLarge, "too-large", "the upload is larger than 64 MiB: split it")
	}
	return invalid("/file", &model.Fault{Format: "the upload broke off: send it again"})
}

func (s *Server) importTables(w http.ResponseWriter, r *http.Request, draft bool) {
	ctx := r.Context()
	c := callerOf(ctx)
	files, src, title, err := uploads(w, r)
	if err == nil && draft {
		var d app.Draft
		if d, err = s.app.DraftImport(ctx, c.actor, src, files, title); err == nil {
			writeJSON(w, http.StatusCreated, map[string]string{"draft": d.ID})
			return
		}
	}
	var in *app.Imported
	if err == nil {
		in, err = s.app.PreviewImport(c.actor, src, files)
	}
	if err != nil {
		s.writeProblem(w, r, s.importProblem(err, c.lang))
		return
	}
	writeJSON(w, http.StatusOK, s.viewImport(in, c.lang))
}

// importProblem renders what makes an input unusable.
func (s *Server) importProblem(err error, lang language.Lang) error {
	var bad intake.Problems
	if !errors.As(err, &bad) {
		return err
	}
	w := language.Writer{Lang: lang}
	out := &app.Error{Code: app.CodeInvalid, Args: finding.Args{"n": len(bad)}}
	for _, b := range bad {
		out.Issues = append(out.Issues, model.Issue{File: b.File, Line: b.Line, Column: b.Column, Message: b.Message(w)})
	}
	return out
}

func (s *Server) viewImport(in *app.Imported, lang language.Lang) importView {
	w := language.Writer{Lang: lang}
	p := in.Preview
	v := importView{Rows: in.Rows, Objects: p.Creates + p.Updates + p.Unchanged, Creates: p.Creates, Updates: p.Updates, Unchanged: p.Unchanged, Errors: []cellErrorView{}, Unknown: []noteView{}, Changes: []app.ObjectChange{}}
	for _, e := range in.Errors[:min(len(in.Errors), findingsShown)] {
		v.Errors = append(v.Errors, cellErrorView{e, e.Message(w)})
	}
	for _, n := range in.Notes {
		if n.Outcome != intake.Mapped && len(v.Unknown) < findingsShown {
			v.Unknown = append(v.Unknown, noteView{n.Place, n.Outcome, n.What, n.Message(w)})
		}
	}
	head := s.app.Head()
	for _, c := range p.Changes {
		if len(v.Changes) >= findingsShown {
			v.More = true
			break
		}
		v.Changes = append(v.Changes, app.ObjectChanges(head.Get(c.Object.Ref()), c.Object, false)...)
	}
	v.Lacks = app.ImportLacks(w, head, s.app.Today(), p.Objects())
	return v
}
