package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"diapason/internal/app"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
	"diapason/internal/report"
)

// sealedView is a sealed statement in a list.
type sealedView struct {
	Hash       string    `json:"hash"`
	Seq        int64     `json:"seq" doc:"Entry of the log that seals it"`
	Agreement  string    `json:"agreement" doc:"Agreement or contract"`
	Title      string    `json:"title" doc:"The agreement or contract in the reader's language"`
	Period     string    `json:"period"`
	Interim    bool      `json:"interim" doc:"The period was not over"`
	At         time.Time `json:"at"`
	Author     string    `json:"author,omitempty" doc:"For those inside"`
	Superseded bool      `json:"superseded" doc:"The period was sealed again later"`
}

// statementView is a statement, sealed or as it would be sealed now, as a view shows it.
type statementView struct {
	View      servicelevel.View `json:"view" enum:"internal,customer,supplier"`
	Sealed    *sealedView       `json:"sealed,omitempty"`
	Documents []app.SealedPaper `json:"documents,omitempty"`
	Interim   bool              `json:"interim"`
	Statement any               `json:"statement" doc:"The canonical statement, format diapason/service-level-statement/v1; for a customer or supplier its report, format diapason/service-level-report/v1"`
}

func (s *Server) viewSealed(lang language.Lang, x app.Sealed) sealedView {
	return sealedView{
		Hash: x.Hash, Seq: x.Seq, Agreement: x.Agreement.String(), Title: app.WriterFor(s.app.Head(), lang).Value(x.Agreement), Period: x.Period,
		Interim: x.Interim, At: x.At, Author: x.Author, Superseded: x.Superseded,
	}
}

func (s *Server) statementRoutes() {
	const tag = "Service levels"
	s.alertRoutes(tag)
	register(s, "GET", "/service-levels/agreements/{name}/statement", "statement", "What a period of an agreement attained, from the evidence ledger as it stands now", tag, s.statement("agreement"))
	register(s, "GET", "/service-levels/contracts/{name}/statement", "statement-of-contract", "What a supplier delivered in a period of a contract, from the evidence ledger as it stands now", tag, s.statement("contract"))
	register(s, "POST", "/service-levels/agreements/{name}/seals", "seal-statement", "Seal what a period of an agreement attained into the log, with its documents", tag, s.seal("agreement"), status(201))
	register(s, "POST", "/service-levels/contracts/{name}/seals", "seal-statement-of-contract", "Seal what a supplier delivered in a period of a contract into the log, with its documents", tag, s.seal("contract"), status(201))
	register(s, "POST", "/service-levels/agreements/{name}/visa", "give-visa", "Sign an agreement as it stands, in one's own name", tag, s.visa("agreement"), status(201))
	register(s, "POST", "/service-levels/contracts/{name}/visa", "give-visa-on-contract", "Sign a contract as it stands, in one's own name", tag, s.visa("contract"), status(201))
	register(s, "GET", "/service-levels/seals", "list-seals", "Sealed statements, oldest first", tag, func(ctx context.Context, in *struct {
		Agreement string `query:"agreement" doc:"Only those of this agreement or contract: agreement/name, contract/name"`
	}) (*body[[]sealedView], error) {
		of, err := optionalRef("/agreement", in.Agreement)
		if err != nil {
			return nil, err
		}
		list, err := s.app.SealedStatements(ctx, callerOf(ctx).actor, of)
		if err != nil {
			return nil, err
		}
		out := make([]sealedView, len(list))
		for i, x := range list {
			out[i] = s.viewSealed(callerOf(ctx).lang, x)
		}
		return &body[[]sealedView]{out}, nil
	})
	register(s, "GET", "/service-levels/seals/{hash}", "get-seal", "A sealed statement", tag, func(ctx context.Context, in *struct {
		Hash string            `path:"hash"`
		View servicelevel.View `query:"view" enum:"internal,customer,supplier" doc:"What the other party sees, or all; the widest the reader may see when empty"`
	}) (*body[statementView], error) {
		x, r, err := s.app.SealedReport(ctx, callerOf(ctx).actor, in.Hash, in.View)
		if err != nil {
			return nil, err
		}
		sealed := s.viewSealed(callerOf(ctx).lang, x.Sealed)
		return &body[statementView]{statementView{View: r.View, Sealed: &sealed, Documents: x.Documents, Interim: x.Interim, Statement: json.RawMessage(x.Canonical)}}, nil
	})
	register(s, "GET", "/service-levels/seals/{hash}/verification", "verify-seal", "Verify a sealed statement: compute it again from the log and the ledger alone", tag, func(ctx context.Context, in *struct {
		Hash string `path:"hash"`
	}) (*body[app.VerificationView], error) {
		return s.verified(ctx, []byte(in.Hash))
	})
	s.mux.HandleFunc("POST /api/v1/service-levels/verify", s.verifyReport)
	s.mux.HandleFunc("GET /api/v1/service-levels/agreements/{name}/report", s.statementReport("agreement"))
	s.mux.HandleFunc("GET /api/v1/service-levels/contracts/{name}/report", s.statementReport("contract"))
	s.mux.HandleFunc("GET /api/v1/service-levels/seals/{hash}/report", s.sealedReport)
}

// statementInput asks for a period of an agreement or contract.
type statementInput struct {
	Name   string            `path:"name"`
	Period string            `query:"period" required:"true" doc:"2027-03, 2027-Q1 or 2027"`
	View   servicelevel.View `query:"view" enum:"internal,customer,supplier" doc:"What the other party sees, or all; the widest the reader may see when empty"`
}

// statement states a period of an agreement or contract, by its kind.
func (s *Server) statement(kind string) func(context.Context, *statementInput) (*body[statementView], error) {
	return func(ctx context.Context, in *statementInput) (*body[statementView], error) {
		r, err := s.app.StatementReport(ctx, callerOf(ctx).actor, app.StatementQuery{Agreement: parseRef(kind, in.Name), Period: in.Period}, in.View)
		if err != nil {
			return nil, err
		}
		out := statementView{View: r.View, Interim: r.Interim(), Statement: r}
		if r.View == servicelevel.ViewInternal {
			out.Statement = r.Statement
		}
		return &body[statementView]{out}, nil
	}
}

// sealInput asks to seal a period of an agreement or contract.
type sealInput struct {
	Name string `path:"name"`
	Body struct {
		Period string `json:"period" doc:"2027-03, 2027-Q1 or 2027"`
		Reason string `json:"reason,omitempty" maxLength:"2000" doc:"Why a period is sealed again"`
	}
}

// seal seals a period of an agreement or contract, by its kind.
func (s *Server) seal(kind string) func(context.Context, *sealInput) (*body[sealedView], error) {
	return func(ctx context.Context, in *sealInput) (*body[sealedView], error) {
		x, err := s.app.Seal(ctx, callerOf(ctx).actor, app.StatementQuery{Agreement: parseRef(kind, in.Name), Period: in.Body.Period}, in.Body.Reason)
		if err != nil {
			return nil, err
		}
		return &body[sealedView]{s.viewSealed(callerOf(ctx).lang, *x)}, nil
	}
}

// visaInput is a visa on an agreement or contract as it was read.
type visaInput struct {
	Name string `path:"name"`
	Body struct {
		Party   string `json:"party" enum:"provider,customer,supplier" doc:"For whom it is given"`
		Version int64  `json:"version" doc:"Version of the object that was read"`
	}
}

// visa signs an agreement or contract, by its kind.
func (s *Server) visa(kind string) func(context.Context, *visaInput) (*body[seqView], error) {
	return func(ctx context.Context, in *visaInput) (*body[seqView], error) {
		seq, err := s.app.GiveVisa(ctx, callerOf(ctx).actor, parseRef(kind, in.Name), in.Body.Party, in.Body.Version)
		if err != nil {
			return nil, err
		}
		return &body[seqView]{seqView{Seq: seq}}, nil
	}
}

func (s *Server) verified(ctx context.Context, content []byte) (*body[app.VerificationView], error) {
	v, err := s.app.VerifyStatement(ctx, callerOf(ctx).actor, content)
	if err != nil {
		return nil, err
	}
	return &body[app.VerificationView]{app.ViewVerification(app.WriterFor(s.app.Head(), callerOf(ctx).lang), v)}, nil
}

// maxReport is the largest report that is taken for verification, in bytes.
const maxReport = 64 << 20

// verifyReport verifies the report in the body: its JSON or its PDF.
func (s *Server) verifyReport(w http.ResponseWriter, r *http.Request) {
	if err := s.app.SignedIn(callerOf(r.Context()).actor); err != nil {
		s.writeProblem(w, r, err)
		return
	}
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxReport))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		s.writeProblem(w, r, &app.Error{Code: app.CodeNoStatement, Args: map[string]any{"hash": "…"}})
		return
	}
	if err != nil {
		s.writeProblem(w, r, err)
		return
	}
	v, err := s.verified(r.Context(), content)
	if err != nil {
		s.writeProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v.Body)
}

// viewAsked is the view that a request asks for.
func viewAsked(r *http.Request) servicelevel.View {
	return servicelevel.View(r.URL.Query().Get("view"))
}

// statementReport writes the report of a period of an agreement or contract, by its kind,
// as it stands now.
func (s *Server) statementReport(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := app.StatementQuery{Agreement: parseRef(kind, r.PathValue("name")), Period: r.URL.Query().Get("period")}
		st, err := s.app.StatementReport(r.Context(), callerOf(r.Context()).actor, q, viewAsked(r))
		if err != nil {
			s.writeProblem(w, r, err)
			return
		}
		s.writeStatement(w, r, st, r.PathValue("name")+"-"+q.Period)
	}
}

// sealedReport writes a sealed report: the PDF and the internal JSON byte for byte as they
// were sealed.
func (s *Server) sealedReport(w http.ResponseWriter, r *http.Request) {
	c := callerOf(r.Context())
	x, view, err := s.app.SealedReport(r.Context(), c.actor, r.PathValue("hash"), viewAsked(r))
	if err != nil {
		s.writeProblem(w, r, err)
		return
	}
	name := x.Agreement.Name + "-" + x.Period
	switch r.URL.Query().Get("format") {
	case "", "pdf":
		paper, err := s.app.SealedPaper(r.Context(), c.actor, x.Hash, view.View, c.lang)
		if err != nil {
			s.writeProblem(w, r, err)
			return
		}
		sendFile(w, report.PDF.MediaType(), name+".pdf", "inline", paper)
	case "json":
		sendFile(w, "application/json", name+".json", "attachment", x.Canonical)
	default:
		s.writeStatement(w, r, view, name)
	}
}

func (s *Server) writeStatement(w http.ResponseWriter, r *http.Request, st *servicelevel.Report, name string) {
	c := callerOf(r.Context())
	format := report.Format(r.URL.Query().Get("format"))
	var b bytes.Buffer
	disposition, media := "inline", format.MediaType()
	switch format {
	case "json":
		canonical, err := st.Canonical()
		if err != nil {
			s.writeProblem(w, r, err)
			return
		}
		b.Write(canonical)
		disposition, media = "attachment", "application/json"
	case "":
		format = report.PDF
		media = format.MediaType()
		fallthrough
	case report.PDF, report.HTML, report.XLSX:
		if err := report.Write(&b, s.app.StatementDocument(r.Context(), st, c.lang), format); err != nil {
			s.writeProblem(w, r, err)
			return
		}
		if format == report.XLSX {
			disposition = "attachment"
		}
	default:
		s.writeProblem(w, r, unknownChoice(c.lang, "/format", string(format), []string{"pdf", "html", "xlsx", "json"}))
		return
	}
	if format == report.HTML {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	}
	sendFile(w, media, fmt.Sprintf("%s.%s", model.Slugify(name), format), disposition, b.Bytes())
}

func sendFile(w http.ResponseWriter, media, name, disposition string, content []byte) {
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Length", strconv.Itoa(len(content)))
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": name}))
	_, _ = w.Write(content)
}
