package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// usage of a whole process.
type usage struct {
	cpu   float64 // seconds, user and system
	bytes int64   // most resident at once
}

func used(c *exec.Cmd) usage {
	u := usage{cpu: (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds()}
	if r, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.bytes = int64(r.Maxrss) << 10
	}
	return u
}

func run(program string, args ...string) ([]byte, usage, error) {
	c := exec.Command(program, args...)
	var errors bytes.Buffer
	c.Stderr = &errors
	out, err := c.Output()
	if err != nil {
		return nil, usage{}, fmt.Errorf("%s: %w: %s", strings.Join(c.Args, " "), err, errors.String())
	}
	return out, used(c), nil
}

// summary is the element of SCRAM's report with the totals; what follows it, the
// products one by one, is not waited for.
var summary = regexp.MustCompile(`<sum-of-products [^>]*>`)

// attribute of the summary.
func attribute(element, name string) string {
	if _, rest, ok := strings.Cut(element, " "+name+`="`); ok {
		value, _, _ := strings.Cut(rest, `"`)
		return value
	}
	return ""
}

// scramRun runs SCRAM until it has told its totals; the element is empty when it has
// not after a time.
func (b *bench) scramRun(limit time.Duration, args ...string) (string, usage, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	c := exec.CommandContext(ctx, b.scram, args...)
	pipe, err := c.StdoutPipe()
	if err != nil {
		return "", usage{}, err
	}
	if err := c.Start(); err != nil {
		return "", usage{}, err
	}
	element := ""
	lines := bufio.NewScanner(io.LimitReader(pipe, 1<<20))
	lines.Buffer(nil, 1<<20)
	for element == "" && lines.Scan() {
		element = summary.FindString(lines.Text())
	}
	if element != "" && !strings.Contains(strings.Join(args, " "), "--limit-order 1 ") {
		cancel() // the rest is writing
	}
	_, _ = io.Copy(io.Discard, pipe)
	_ = c.Wait() // its status says that it was stopped
	return element, used(c), nil
}

// row of a table of CPU seconds.
type row struct {
	tree        *tree
	ours, peers float64 // peers 0: it does not finish
	bytes       int64
	result      string
	recorded    bool // the peer's figure was not measured now
}

// report prints a table and holds it against the anchors.
func (b *bench) report(what string, rows []row) {
	fmt.Printf("  %-10s %9s %9s %7s %8s  %s\n", "tree", "diapason", "SCRAM", "ratio", "peak", what)
	var ours, peers float64
	for _, r := range rows {
		peer, ratio := "—", "—"
		if r.peers > 0 {
			peer, ratio = fmt.Sprintf("%.3f", r.peers), fmt.Sprintf("%.1f", r.peers/r.ours)
			ours += r.ours
			peers += r.peers
			if r.ours > r.peers {
				b.miss("%s takes %.3f s of CPU, SCRAM %.3f s", r.tree.name, r.ours, r.peers)
			}
		}
		if r.recorded {
			peer += "*"
		}
		fmt.Printf("  %-10s %9.3f %9s %7s %4d MiB  %s\n", r.tree.name, r.ours, peer, ratio, r.bytes>>20, r.result)
		if r.bytes > mostBytes {
			b.miss("%s takes %d MiB", r.tree.name, r.bytes>>20)
		}
	}
	if ours > 0 {
		fmt.Printf("  %-10s %9.3f %9.3f %7.1f           trees that SCRAM solves\n", "sum", ours, peers, peers/ours)
		if peers/ours < leastRatio {
			b.miss("in sum %.1f times less CPU than SCRAM, not %.0f", peers/ours, leastRatio)
		}
	}
	for _, r := range rows {
		if r.recorded {
			fmt.Println("  * of scram.csv, not measured now")
			break
		}
	}
}

// probability compares exact probabilities over the trees that SCRAM solves.
func (b *bench) probability() error {
	var table []row
	for i := range b.trees {
		t := &b.trees[i]
		if t.scramExact == 0 {
			continue
		}
		r := row{tree: t, ours: 1e9, peers: 1e9}
		for range b.rounds {
			if b.scram == "" {
				r.peers, r.recorded = t.scramExact, true
			} else {
				element, u, err := b.scramRun(2*time.Minute, "--probability", "1", "--limit-order", "1", t.file)
				if err != nil {
					return err
				}
				t.scramProbability = attribute(element, "probability")
				r.peers = min(r.peers, u.cpu)
			}
			s, u, err := b.solve(t)
			if err != nil {
				return err
			}
			r.ours, r.bytes = min(r.ours, u.cpu), max(r.bytes, u.bytes)
			r.result = fmt.Sprintf("%.5E", s.Probability)
			if six := fmt.Sprintf("%.6g", s.Probability); !s.Exact || r.result != t.top || six != t.scramProbability {
				b.miss("%s: probability %v (exact %v), published %s, SCRAM %s", t.name, s.Probability, s.Exact, t.top, t.scramProbability)
			}
		}
		table = append(table, r)
	}
	b.report("probability", table)
	return nil
}

// cutSets compares exact counts over all trees but nus9601. SCRAM counts with BDD,
// then with ZBDD for as long as that took; the faster one counts.
func (b *bench) cutSets() error {
	var table []row
	for i := range b.trees {
		t := &b.trees[i]
		if t.count == "unknown" {
			continue
		}
		r := row{tree: t, ours: 1e9}
		s, u, err := b.solve(t, "--cut-sets", "--list", "0")
		for n := 0; err == nil && n < b.rounds; n++ {
			r.ours, r.bytes = min(r.ours, u.cpu), max(r.bytes, u.bytes)
			if u.cpu > 2 {
				break
			}
			s, u, err = b.solve(t, "--cut-sets", "--list", "0")
		}
		if err != nil {
			return err
		}
		r.result = s.CutSets.Count
		if s.CutSets.Count != t.count || !s.CutSets.Complete {
			b.miss("%s: %s cut sets, right are %s", t.name, s.CutSets.Count, t.count)
		}
		switch {
		case t.scramCutSets == 0:
		case b.scram == "":
			r.peers, r.recorded = t.scramCutSets, true
		default:
			limit := 2 * time.Minute
			for _, mode := range []string{"--bdd", "--zbdd"} {
				element, u, err := b.scramRun(limit, mode, "--limit-order", "1000", t.file)
				if err != nil {
					return err
				}
				if element == "" {
					continue
				}
				if n := attribute(element, "products"); n != t.count {
					b.miss("%s: %s cut sets by SCRAM %s, right are %s", t.name, n, mode, t.count)
				}
				if r.peers == 0 || u.cpu < r.peers {
					r.peers = u.cpu
				}
				limit = time.Duration(1.5*r.peers*float64(time.Second)) + 100*time.Millisecond
			}
		}
		table = append(table, r)
	}
	b.report("minimal cut sets", table)
	return nil
}

// hard solves das9701, where SCRAM gives up at 60 CPU seconds.
func (b *bench) hard() error {
	for i := range b.trees {
		t := &b.trees[i]
		if t.name != "das9701" {
			continue
		}
		s, u, err := b.solve(t)
		if err != nil {
			return err
		}
		fmt.Printf("  das9701: %.5E in %.2f CPU s, %d MiB; SCRAM gives up at 60 CPU s\n", s.Probability, u.cpu, u.bytes>>20)
		if got := fmt.Sprintf("%.5E", s.Probability); !s.Exact || got != t.top {
			b.miss("das9701: %s (exact %v), published %s", got, s.Exact, t.top)
		}
		if u.cpu > mostHard || u.bytes > mostBytes {
			b.miss("das9701 takes %.1f CPU s and %d MiB, more than %.0f s or 2 GiB", u.cpu, u.bytes>>20, mostHard)
		}
	}
	return nil
}

// open shows how the bounds of nus9601 shrink.
func (b *bench) open() error {
	for i := range b.trees {
		t := &b.trees[i]
		if t.top != "unknown" {
			continue
		}
		width := 1.0
		for _, seconds := range []int{10, openBudget} {
			s, u, err := b.solve(t, "--time-limit", fmt.Sprintf("%ds", seconds))
			if err != nil {
				return err
			}
			if s.Exact {
				s.Lower, s.Upper = s.Probability, s.Probability
			}
			fmt.Printf("  %s after %d s: [%.6E, %.6E], %.2f CPU s, %d MiB\n", t.name, seconds, s.Lower, s.Upper, u.cpu, u.bytes>>20)
			if s.Upper-s.Lower > width || s.Lower <= 0 || s.Upper >= 1 {
				b.miss("%s: the bounds do not shrink", t.name)
			}
			width = s.Upper - s.Lower
		}
	}
	return nil
}
