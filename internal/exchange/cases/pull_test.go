package cases

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"diapason/internal/model"
)

var since = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// itopServer speaks as iTop's webservices/rest.php does.
func itopServer(t *testing.T, tickets int) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "POST" || r.URL.Path != "/webservices/rest.php" || r.URL.Query().Get("version") != "1.3" {
			http.NotFound(w, r)
			return
		}
		if r.PostFormValue("auth_token") != "secret" {
			fmt.Fprint(w, `{"code":1,"message":"Error: Invalid login"}`)
			return
		}
		var q struct {
			Operation, Class, Key string
			Output                string `json:"output_fields"`
			Limit, Page           int
		}
		if err := json.Unmarshal([]byte(r.PostFormValue("json_data")), &q); err != nil || q.Operation != "core/get" || q.Key != "SELECT Incident WHERE last_update >= '2026-03-01 01:00:00'" || !strings.Contains(q.Output, "resolution_date") {
			fmt.Fprintf(w, `{"code":100,"message":"Error: %v %s"}`, err, q.Key)
			return
		}
		objects := map[string]any{}
		for n := (q.Page - 1) * q.Limit; n < min(q.Page*q.Limit, tickets); n++ {
			key := fmt.Sprintf("Incident::%06d", n)
			objects[key] = map[string]any{"code": 0, "message": "", "class": "Incident", "key": strconv.Itoa(n), "fields": map[string]any{
				"ref": fmt.Sprintf("I-%06d", n), "title": "Down", "service_name": "Payroll", "priority": "1", "status": "resolved", "start_date": "2026-03-12 08:00:00",
				"assignment_date": "2026-03-12 08:05:00", "resolution_date": "2026-03-12 10:00:00", "close_date": nil, "cumulatedpending": map[string]any{"timespent": 600},
			}}
		}
		answer := map[string]any{"code": 0, "message": fmt.Sprintf("Found: %d", len(objects)), "objects": objects}
		if len(objects) == 0 {
			answer["objects"] = nil
		}
		json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(s.Close)
	return s
}

// glpiServer speaks as GLPI's apirest.php does.
func glpiServer(t *testing.T, tickets int) (server *httptest.Server, sessions *int) {
	sessions = new(int)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.Path, "/glpi/apirest.php/")
		if r.Header.Get("App-Token") != "app" {
			w.WriteHeader(400)
			fmt.Fprint(w, `["ERROR_WRONG_APP_TOKEN_PARAMETER","parameter app_token seems wrong"]`)
			return
		}
		if path == "initSession" {
			if r.Header.Get("Authorization") != "user_token secret" {
				w.WriteHeader(401)
				fmt.Fprint(w, `["ERROR_GLPI_LOGIN_USER_TOKEN","parameter user_token seems invalid"]`)
				return
			}
			*sessions++
			fmt.Fprint(w, `{"session_token":"83af7e620c83a50a18d3eac2f6ed05a3ca0bea62"}`)
			return
		}
		if r.Header.Get("Session-Token") != "83af7e620c83a50a18d3eac2f6ed05a3ca0bea62" {
			w.WriteHeader(401)
			return
		}
		switch path {
		case "killSession":
			*sessions--
		case "listSearchOptions/Ticket":
			fmt.Fprint(w, `{"common":{"name":"Characteristics"},"1":{"name":"Title","table":"glpi_tickets","field":"name"},"2":{"table":"glpi_tickets","field":"id"},
				"3":{"table":"glpi_tickets","field":"priority"},"7":{"table":"glpi_itilcategories","field":"completename"},"12":{"table":"glpi_tickets","field":"status"},
				"15":{"table":"glpi_tickets","field":"date"},"16":{"table":"glpi_tickets","field":"closedate"},"17":{"table":"glpi_tickets","field":"solvedate"},
				"19":{"table":"glpi_tickets","field":"date_mod"},"150":{"table":"glpi_tickets","field":"takeintoaccount_delay_stat"},"153":{"table":"glpi_tickets","field":"waiting_duration"}}`)
		case "search/Ticket":
			q := r.URL.Query()
			var from, to int
			if _, err := fmt.Sscanf(q.Get("range"), "%d-%d", &from, &to); err != nil || q.Get("criteria[0][field]") != "19" || q.Get("criteria[0][value]") != "2026-03-01 01:00:00" {
				w.WriteHeader(400)
				fmt.Fprint(w, `["ERROR","bad criteria"]`)
				return
			}
			var data []map[string]any
			for n := from; n <= to && n < tickets; n++ {
				data = append(data, map[string]any{"1": "Panne", "2": n + 1, "3": 5, "7": "Paie", "12": 6, "15": "2026-03-12 08:00:00", "16": nil, "17": "2026-03-12 11:00:00", "19": "2026-03-12 12:00:00", "150": 300, "153": 0})
			}
			if len(data) < tickets {
				w.WriteHeader(206)
			}
			json.NewEncoder(w).Encode(map[string]any{"totalcount": tickets, "count": len(data), "data": data})
		default:
			w.WriteHeader(404)
		}
	}))
	t.Cleanup(s.Close)
	return s, sessions
}

func TestITopIsAsked(t *testing.T) {
	m, err := ShippedMapping("itop")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 1, 200, 450} {
		s := Server{URL: itopServer(t, n).URL + "/", Token: "secret"}
		got, err := s.ITop(t.Context(), "Incident", since, m, paris(t))
		if err != nil || len(got.Cases) != n || len(got.Issues) > 0 {
			t.Fatalf("%d tickets: %+v, %v", n, got, err)
		}
		if n > 0 && written(got.Cases[0]) != "1 I-000000|Payroll|P1|Down|12T07:00:00 12T07:05:00 12T09:00:00 -|10m0s|false" {
			t.Error(written(got.Cases[0]))
		}
	}
}

func TestGLPIIsAsked(t *testing.T) {
	m, err := ShippedMapping("glpi")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 1, 200, 450} {
		server, sessions := glpiServer(t, n)
		s := Server{URL: server.URL + "/glpi", Token: "secret", App: "app"}
		got, err := s.GLPI(t.Context(), since, m, paris(t))
		if err != nil || len(got.Cases) != n || len(got.Issues) > 0 {
			t.Fatalf("%d tickets: %+v, %v", n, got, err)
		}
		if n > 0 && written(got.Cases[0]) != "1 1|Paie|P1|Panne|12T07:00:00 12T07:05:00 12T10:00:00 -|0s|false" {
			t.Error(written(got.Cases[0]))
		}
		if *sessions != 0 {
			t.Errorf("%d sessions are left", *sessions)
		}
	}
}

func TestTicketToolsThatDoNotAnswer(t *testing.T) {
	m, err := ShippedMapping("itop")
	if err != nil {
		t.Fatal(err)
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	odd := func(status int, body string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the token was sent elsewhere") }))
	t.Cleanup(other.Close)
	away := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	t.Cleanup(away.Close)
	glpi, _ := glpiServer(t, 1)
	tests := []struct{ name, url, token, want string }{
		{"nobody there", gone.URL, "secret", "does not answer"},
		{"no address", "://x", "secret", "no address"},
		{"the wrong token of iTop", itopServer(t, 1).URL, "wrong", "refuses the account"},
		{"the wrong token of GLPI", glpi.URL + "/glpi", "wrong", "refuses the account"},
		{"a page for people", odd(200, "<html>"), "secret", "not its protocol"},
		{"an error", odd(500, "{}"), "secret", "not its protocol"},
		{"something else in JSON", odd(200, `{"a":1}`), "secret", "not its protocol"},
		{"a proxy that refuses", odd(403, ""), "secret", "refuses the account"},
		{"another host", away.URL, "secret", "not its protocol"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Server{URL: tt.url, Token: tt.token, App: "app"}
			var err error
			if strings.Contains(tt.name, "GLPI") {
				_, err = s.GLPI(t.Context(), since, m, time.UTC)
			} else {
				_, err = s.ITop(t.Context(), "Incident", since, m, time.UTC)
			}
			var f *model.Fault
			if !errors.As(err, &f) || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), tt.token) {
				t.Errorf("got %v", err)
			}
			if tt.name != "no address" && !strings.Contains(tt.name, "iTop") {
				if _, err = s.GLPI(t.Context(), since, m, time.UTC); err == nil {
					t.Error("GLPI answered")
				}
			}
		})
	}
}
