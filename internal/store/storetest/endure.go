package storetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"diapason/internal/store"
)

// Environment variables between a test and the test binary it runs again as a
// stream of commits.
const (
	streamTarget  = "DIAPASON_STREAM_TARGET"  // folder or URL of the store
	streamWriters = "DIAPASON_STREAM_WRITERS" // concurrent writers
	streamCommits = "DIAPASON_STREAM_COMMITS" // commits per writer, 0: until killed
)

// Rounds is the environment variable that says how often Endure kills.
const Rounds = "DIAPASON_ENDURE"

// objectsPerCommit is how many objects each commit of the stream changes.
const objectsPerCommit = 3

// Main stands for m.Run in the TestMain of an engine: run again by Endure or
// Stream, the test binary becomes a stream of commits on the store that open
// opens.
func Main(m *testing.M, open func(ctx context.Context, target string) (store.Store, error)) {
	target := os.Getenv(streamTarget)
	if target == "" {
		os.Exit(m.Run())
	}
	if err := stream(open, target); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// stream commits and writes one line for each commit once it is acknowledged:
// "ack SEQ TOKEN".
func stream(open func(ctx context.Context, target string) (store.Store, error), target string) error {
	ctx := context.Background()
	writers, err1 := strconv.Atoi(os.Getenv(streamWriters))
	commits, err2 := strconv.Atoi(os.Getenv(streamCommits))
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	s, err := open(ctx, target)
	if err != nil {
		return err
	}
	start, err := s.Head(ctx)
	if err != nil {
		return err
	}
	failures := make(chan error, writers)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := 0; commits == 0 || n < commits; n++ {
				token := fmt.Sprintf("start-%d-writer-%d-commit-%d", start, w, n)
				entry := store.Entry{Type: store.Change, Actor: "stream", Title: token}
				for i := range objectsPerCommit {
					entry.Puts = append(entry.Puts, store.Put{
						Kind: "service", Name: fmt.Sprintf("w%d-%d-%d", w, n%20, i), ExpectSeq: store.AnyVersion,
						Document: fmt.Appendf(nil, `{"token":"%s"}`, token),
					})
				}
				done, err := s.Commit(ctx, entry)
				if err != nil {
					failures <- err
					return
				}
				// One write call: a line is there whole or not at all.
				fmt.Fprintf(os.Stdout, "ack %d %s\n", done.Seq, token)
			}
		})
	}
	wg.Wait()
	close(failures)
	return errors.Join(<-failures, s.Close())
}

// Again is the command that runs this test binary as a stream of commits.
func Again(target string, writers, commits int) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), streamTarget+"="+target,
		fmt.Sprintf("%s=%d", streamWriters, writers), fmt.Sprintf("%s=%d", streamCommits, commits))
	return cmd, nil
}

// Endure kills a process in the midst of a stream of commits, again and again,
// and demands each time that every acknowledged commit is in the log, that none
// is half there, and that Fsck finds nothing. The number of kills is 20, or
// DIAPASON_ENDURE.
func Endure(t *testing.T, target string, open func(t testing.TB) store.Store) {
	rounds := 20
	if value := os.Getenv(Rounds); value != "" {
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 {
			t.Fatalf("%s=%q is not a number of rounds", Rounds, value)
		}
		rounds = n
	} else if testing.Short() {
		rounds = 3
	}
	total := 0
	for round := range rounds {
		acknowledged, err := interrupt(target)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		total += len(acknowledged)
		if !t.Run(fmt.Sprintf("kill %d leaves every acknowledged commit whole", round+1), func(t *testing.T) {
			verifyStream(t, open(t), acknowledged)
		}) {
			return
		}
	}
	t.Logf("%d kills, %d acknowledged commits, none lost", rounds, total)
}

// interrupt runs the stream and kills it at a random moment after its first
// acknowledgement; it returns the tokens acknowledged, by seq.
func interrupt(target string) (map[store.Seq]string, error) {
	cmd, err := Again(target, 4, 0)
	if err != nil {
		return nil, err
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	acknowledged := map[store.Seq]string{}
	var bomb *time.Timer
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil { // a line without end does not count
			if !errors.Is(err, io.EOF) {
				return nil, err
			}
			break
		}
		var seq store.Seq
		var token string
		if _, err := fmt.Sscanf(line, "ack %d %s\n", &seq, &token); err != nil {
			return nil, fmt.Errorf("the stream wrote %q", line)
		}
		acknowledged[seq] = token
		if bomb == nil {
			bomb = time.AfterFunc(time.Duration(rand.Int64N(int64(150*time.Millisecond))), func() { cmd.Process.Kill() })
		}
	}
	err = cmd.Wait()
	if bomb == nil {
		return nil, fmt.Errorf("the stream ended before its first commit: %v\n%s", err, stderr.String())
	}
	return acknowledged, nil
}

// verifyStream looks at the log after a kill.
func verifyStream(t *testing.T, s store.Store, acknowledged map[store.Seq]string) {
	ctx := context.Background()
	// Waits for what the killed process may still have under way in a server.
	commit(t, s, store.Entry{Type: store.Decision, Actor: "survivor"})
	var first, last store.Seq
	for seq := range acknowledged {
		if first == 0 || seq < first {
			first = seq
		}
		last = max(last, seq)
	}
	end := head(t, s)
	if last >= end {
		t.Fatalf("entry %d was acknowledged, the log ends at %d", last, end)
	}
	entries, err := s.Entries(ctx, first-1, int(end-first)+1)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if token, ok := acknowledged[e.Seq]; ok && e.Title != token {
			t.Errorf("entry %d is %q, it was acknowledged as %q", e.Seq, e.Title, token)
		}
		if e.Actor == "stream" && len(e.Ops) != objectsPerCommit {
			t.Errorf("entry %d (%s) is there with %d of %d objects", e.Seq, e.Title, len(e.Ops), objectsPerCommit)
		}
		delete(acknowledged, e.Seq)
	}
	if len(acknowledged) != 0 {
		t.Errorf("acknowledged and lost: %v", acknowledged)
	}
	err = s.Changes(ctx, first-1, end, func(v store.ObjectVersion) error {
		if title := entries[v.From-first].Title; string(v.Document) != `{"token":"`+title+`"}` {
			t.Errorf("entry %d (%s) holds the document %s", v.From, title, v.Document)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	wantClean(t, s)
}
