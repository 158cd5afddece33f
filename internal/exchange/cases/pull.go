package cases

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"diapason/internal/model"
)

// Server is a ticket tool that is asked over HTTP.
type Server struct {
	URL   string // of the tool, such as https://itop.example.org
	Token string // iTop's personal or application token; GLPI's user token
	App   string // GLPI's application token; may be empty
	User  string // iTop, in place of a token
	Pass  string
	// Client sends the requests; one that gives up after a minute when nil.
	Client *http.Client
}

// Bounds of what a ticket tool is asked.
const (
	pageSize   = 200
	mostPages  = 2_500
	mostAnswer = 64 << 20 // bytes
	patience   = time.Minute
)

func (s *Server) client() *http.Client {
	c := http.Client{Timeout: patience}
	if s.Client != nil {
		c = *s.Client
	}
	// A token is for the host that it was given for.
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

// send sends a request and reads its answer.
func (s *Server) send(ctx context.Context, method, address string, header http.Header, body io.Reader) (int, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return 0, nil, &model.Fault{Format: "%q is no address of a ticket tool: write for example https://tickets.example.org", Args: []any{s.URL}}
	}
	maps.Copy(r.Header, header)
	answer, err := s.client().Do(r)
	if err != nil {
		if ctx.Err() != nil {
			return 0, nil, ctx.Err()
		}
		var u *url.Error
		if errors.As(err, &u) { // its address may hold a token
			err = u.Err
		}
		return 0, nil, &model.Fault{Format: "the ticket tool does not answer (%s)", Args: []any{err.Error()}}
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer+1))
	if err != nil || len(data) > mostAnswer {
		return 0, nil, &model.Fault{Format: "the answer of the ticket tool breaks off or is too long"}
	}
	if answer.StatusCode == http.StatusUnauthorized || answer.StatusCode == http.StatusForbidden {
		return 0, nil, &model.Fault{Format: "the ticket tool refuses the account (%s)", Args: []any{answer.Status}}
	}
	return answer.StatusCode, data, nil
}

func nonsense(data []byte) error {
	text := strings.Join(strings.Fields(string(data)), " ")
	if len(text) > 200 {
		text = text[:200] + "…"
	}
	return &model.Fault{Format: "the ticket tool answers what is not its protocol (%s)", Args: []any{strings.ToValidUTF8(text, "�")}}
}

// text writes a value of JSON as a cell; of iTop's stop watches the time spent.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	case map[string]any:
		return text(v["timespent"])
	case []any:
		var parts []string
		for _, x := range v {
			parts = append(parts, text(x))
		}
		return strings.Join(parts, ", ")
	}
	return ""
}

// add makes a case of one answer.
func (r *Result) add(m *Mapping, place int, cell func(string) string, zone *time.Location) {
	c, f := m.read(cell, zone)
	c.Line = place
	if f == nil {
		r.Cases = append(r.Cases, c)
	} else if len(r.Issues) < mostIssues {
		r.Issues = append(r.Issues, model.Issue{Line: place, Message: f.Error(), Fault: f})
	}
}

// ITop asks iTop's REST interface (webservices/rest.php, version 1.3, core/get) for the
// tickets of a class, Incident or UserRequest, that changed since an instant. Zone is that
// of the tool.
func (s *Server) ITop(ctx context.Context, class string, since time.Time, m *Mapping, zone *time.Location) (*Result, error) {
	names := map[string]string{
		FieldID: "ref", FieldService: "service_name", FieldPriority: "priority", FieldTitle: "title", FieldOpened: "start_date", FieldAcknowledged: "assignment_date",
		FieldRestored: "resolution_date", FieldClosed: "close_date", FieldStatus: "status", FieldSuspended: "cumulatedpending",
	}
	out := &Result{}
	for page := 1; page <= mostPages; page++ {
		query, err := json.Marshal(map[string]any{
			"operation": "core/get", "class": class, "output_fields": strings.Join(slices.Sorted(maps.Values(names)), ","), "limit": pageSize, "page": page,
			"key": fmt.Sprintf("SELECT %s WHERE last_update >= '%s'", class, since.In(zone).Format(time.DateTime)),
		})
		if err != nil {
			return nil, err
		}
		form := url.Values{"json_data": {string(query)}}
		if s.Token != "" {
			form.Set("auth_token", s.Token)
		} else {
			form.Set("auth_user", s.User)
			form.Set("auth_pwd", s.Pass)
		}
		status, data, err := s.send(ctx, http.MethodPost, strings.TrimSuffix(s.URL, "/")+"/webservices/rest.php?version=1.3",
			http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, strings.NewReader(form.Encode()))
		if err != nil {
			return nil, err
		}
		var answer struct {
			Code    *int   `json:"code"`
			Message string `json:"message"`
			Objects map[string]struct {
				Code    int            `json:"code"`
				Message string         `json:"message"`
				Key     string         `json:"key"`
				Fields  map[string]any `json:"fields"`
			} `json:"objects"`
		}
		if err := decode(data, &answer); err != nil || status != http.StatusOK || answer.Code == nil {
			return nil, nonsense(data)
		}
		switch *answer.Code {
		case 0:
		case 1: // RestResult::UNAUTHORIZED
			return nil, &model.Fault{Format: "the ticket tool refuses the account (%s)", Args: []any{answer.Message}}
		default:
			return nil, &model.Fault{Format: "the ticket tool refuses the question (%s)", Args: []any{answer.Message}}
		}
		for _, key := range slices.Sorted(maps.Keys(answer.Objects)) {
			fields := answer.Objects[key].Fields
			out.add(m, len(out.Cases)+len(out.Issues)+1, func(field string) string { return text(fields[names[field]]) }, zone)
		}
		if len(answer.Objects) < pageSize {
			return out, nil
		}
	}
	return out, &model.Fault{Format: "the ticket tool has more than %d cases: ask for a shorter time", Args: []any{pageSize * mostPages}}
}

// decode reads JSON with its numbers as they are written.
func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(into)
}

// glpiFields are the columns of GLPI's tables that hold the fields of a case.
var glpiFields = map[string][2]string{
	FieldID: {"glpi_tickets", "id"}, FieldTitle: {"glpi_tickets", "name"}, FieldPriority: {"glpi_tickets", "priority"}, FieldStatus: {"glpi_tickets", "status"},
	FieldOpened: {"glpi_tickets", "date"}, FieldRestored: {"glpi_tickets", "solvedate"}, FieldClosed: {"glpi_tickets", "closedate"},
	FieldAckDelay: {"glpi_tickets", "takeintoaccount_delay_stat"}, FieldSuspended: {"glpi_tickets", "waiting_duration"}, FieldService: {"glpi_itilcategories", "completename"},
	changed: {"glpi_tickets", "date_mod"},
}

// changed is the last change of a ticket, no field of a case.
const changed = "changed"

// GLPI asks GLPI's REST interface (apirest.php: initSession, listSearchOptions,
// search/Ticket, killSession) for the tickets that changed since an instant. Zone is that
// of the tool.
func (s *Server) GLPI(ctx context.Context, since time.Time, m *Mapping, zone *time.Location) (*Result, error) {
	base := strings.TrimSuffix(strings.TrimSuffix(s.URL, "/"), "/apirest.php") + "/apirest.php/"
	header := http.Header{"Content-Type": {"application/json"}}
	if s.App != "" {
		header.Set("App-Token", s.App)
	}
	login := header.Clone()
	login.Set("Authorization", "user_token "+s.Token)
	var session struct {
		Token string `json:"session_token"`
	}
	if err := s.glpi(ctx, base+"initSession", login, &session); err != nil {
		return nil, err
	}
	if session.Token == "" {
		return nil, nonsense([]byte("initSession without session_token"))
	}
	header.Set("Session-Token", session.Token)
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_, _, _ = s.send(ctx, http.MethodGet, base+"killSession", header, nil) // it ends by itself otherwise
	}()
	ids, err := s.glpiOptions(ctx, base, header)
	if err != nil {
		return nil, err
	}
	query := url.Values{
		"criteria[0][field]": {ids[changed]}, "criteria[0][searchtype]": {"morethan"}, "criteria[0][value]": {since.In(zone).Format(time.DateTime)},
		"sort": {ids[FieldID]}, "order": {"ASC"},
	}
	for i, field := range slices.Sorted(maps.Keys(glpiFields)) {
		if ids[field] != "" {
			query.Set("forcedisplay["+strconv.Itoa(i)+"]", ids[field])
		}
	}
	out := &Result{}
	for page := range mostPages {
		query.Set("range", fmt.Sprintf("%d-%d", page*pageSize, (page+1)*pageSize-1))
		var answer struct {
			Total *int             `json:"totalcount"`
			Data  []map[string]any `json:"data"`
		}
		if err := s.glpi(ctx, base+"search/Ticket?"+query.Encode(), header, &answer); err != nil {
			return nil, err
		}
		if answer.Total == nil {
			return nil, nonsense([]byte("search/Ticket without totalcount"))
		}
		for _, row := range answer.Data {
			out.add(m, len(out.Cases)+len(out.Issues)+1, func(field string) string { return text(row[ids[field]]) }, zone)
		}
		if len(answer.Data) == 0 || (page+1)*pageSize >= *answer.Total {
			return out, nil
		}
	}
	return out, &model.Fault{Format: "the ticket tool has more than %d cases: ask for a shorter time", Args: []any{pageSize * mostPages}}
}

// glpiOptions finds the numbers of the search options.
func (s *Server) glpiOptions(ctx context.Context, base string, header http.Header) (map[string]string, error) {
	var raw map[string]json.RawMessage
	if err := s.glpi(ctx, base+"listSearchOptions/Ticket?raw", header, &raw); err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(raw)) {
		var option struct {
			Table string `json:"table"`
			Field string `json:"field"`
		}
		if _, err := strconv.Atoi(id); err != nil || json.Unmarshal(raw[id], &option) != nil {
			continue // headings
		}
		for field, column := range glpiFields {
			if ids[field] == "" && column == [2]string{option.Table, option.Field} {
				ids[field] = id
			}
		}
	}
	for _, field := range []string{FieldID, FieldOpened, changed} {
		if ids[field] == "" {
			return nil, nonsense([]byte("listSearchOptions without " + glpiFields[field][0] + "." + glpiFields[field][1]))
		}
	}
	return ids, nil
}

// glpi sends one question and reads its answer.
func (s *Server) glpi(ctx context.Context, address string, header http.Header, into any) error {
	status, data, err := s.send(ctx, http.MethodGet, address, header, nil)
	if err != nil {
		return err
	}
	if status == http.StatusBadRequest { // ["ERROR_…", "sentence"]
		var refusal []string
		if json.Unmarshal(data, &refusal) == nil && len(refusal) > 0 {
			return &model.Fault{Format: "the ticket tool refuses the question (%s)", Args: []any{strings.Join(refusal, ": ")}}
		}
	}
	if status != http.StatusOK && status != http.StatusPartialContent || decode(data, into) != nil {
		return nonsense(data)
	}
	return nil
}
