package cli_test

import (
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"diapason/internal/notify/notifytest"
)

// servers are the mail servers and receivers of the scripts, by their folder.
var servers sync.Map

// receiver keeps what was posted to it.
type receiver struct {
	mu    sync.Mutex
	heard []string
}

func (r *receiver) ServeHTTP(_ http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.heard = append(r.heard, q.URL.Path+" "+q.Header.Get("Webhook-Signature")+" "+string(body))
}

// mailServer starts a mail server; its address is $MAIL. It takes what is
// for anybody but nobody@.
func mailServer(ts *testscript.TestScript, _ bool, _ []string) {
	m, err := notifytest.Listen(notifytest.Options{Answer: func(command, rest string) string {
		if command == "RCPT" && strings.Contains(rest, "nobody@") {
			return "550 5.1.1 no such user"
		}
		return ""
	}})
	ts.Check(err)
	ts.Defer(m.Close)
	servers.Store(ts.Getenv("WORK")+"mail", m)
	ts.Setenv("MAIL", m.Address)
}

// webReceiver starts a receiver of webhooks; its address is $HOOK.
func webReceiver(ts *testscript.TestScript, _ bool, _ []string) {
	r := &receiver{}
	s := httptest.NewServer(r)
	ts.Defer(s.Close)
	servers.Store(ts.Getenv("WORK")+"hook", r)
	ts.Setenv("HOOK", s.URL)
}

// heard demands that the mail server or the receiver took so many messages within seconds,
// and that words stand in them: heard mail 2 'breaks on'.
func heard(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	x, _ := servers.Load(ts.Getenv("WORK") + args[0])
	var list []string
	for range 400 {
		switch x := x.(type) {
		case *notifytest.Mail:
			list = nil
			for _, l := range x.Letters() {
				subject, _ := new(mime.WordDecoder).DecodeHeader(l.Headers.Get("Subject"))
				body, _ := io.ReadAll(quotedprintable.NewReader(strings.NewReader(l.Body)))
				list = append(list, l.To+": "+subject+"\n"+strings.ReplaceAll(string(body), "\u00a0", " "))
			}
		case *receiver:
			x.mu.Lock()
			list = append([]string(nil), x.heard...)
			x.mu.Unlock()
		}
		if len(list) >= want {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if len(list) != want {
		ts.Fatalf("%d messages came, want %d: %q", len(list), want, list)
	}
	all := strings.Join(list, "\n")
	for _, word := range args[2:] {
		if !strings.Contains(all, word) {
			ts.Fatalf("%q is not in:\n%s", word, all)
		}
	}
}

// outageNow writes measures of a series up to now, with an outage in the last minutes:
// outagenow FILE SERIES.
func outageNow(ts *testscript.TestScript, _ bool, args []string) {
	now := time.Now().UTC().Truncate(time.Minute)
	at := func(d time.Duration) string { return now.Add(-d).Format(time.RFC3339) }
	text := fmt.Sprintf("series,from,to,state\n%[1]s,%[2]s,%[3]s,good\n%[1]s,%[3]s,%[4]s,bad\n", args[1], at(10*time.Hour), at(20*time.Minute), at(0))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}
