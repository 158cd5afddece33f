package language

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A fault's format is the text with spaces on a line that makes one.
var (
	faultCall = regexp.MustCompile(`faultf\(|faultAt\(|\bfault\(|d\.bad\(|d\.at\(|\.fail\(|\.issue\(|Fault\{|d\.add\(`)
	literal   = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
)

func TestEveryFaultIsSaidInFrench(t *testing.T) {
	known := faultsFR()
	found := 0
	for _, pattern := range []string{"../model/*.go", "../model/fault/*.go", "../exchange/folder/*.go", "../exchange/openpsa/*.go", "../exchange/allocation/*.go", "../exchange/cases/*.go", "../app/evidence*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal("no source found", err)
		}
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(src)) {
				if !faultCall.MatchString(line) {
					continue
				}
				format := ""
				for _, l := range literal.FindAllString(line, -1) {
					if text, err := strconv.Unquote(l); err == nil && strings.Contains(text, " ") && len(text) > 8 {
						format = text
					}
				}
				if format == "" {
					continue
				}
				found++
				fr, ok := known[format]
				if !ok {
					t.Errorf("%s: %q has no French", file, format)
					continue
				}
				if verbs(format) != verbs(fr) {
					t.Errorf("%q and %q take different arguments", format, fr)
				}
			}
		}
	}
	if found < 40 {
		t.Errorf("only %d faults found in the source: the pattern of this test has gone blind", found)
	}
}

var verb = regexp.MustCompile(`%[qsdv]`)

func verbs(format string) string { return strings.Join(verb.FindAllString(format, -1), "") }

// Names and ranges of parameters reach people as phrases in a fault.
func TestEveryPhraseOfAnExpressionIsSaidInFrench(t *testing.T) {
	phrase := regexp.MustCompile(`(?:check\{|within\(|ParameterError\{)"([^"]+)"|"([a-z0-9. ]+)"\)(?:,|$|\})|(?:notNegative|positive|chance) += "([^"]+)"`)
	skipped := regexp.MustCompile(`skip\("[^"]+", "[^"]+", "([^"]+)"`)
	known, found := faultsFR(), 0
	for _, pattern := range []string{"../engine/lifetime/*.go", "../engine/stochastic/*.go", "../exchange/openpsa/scan.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal("no source found", err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(src)) {
				pattern := phrase
				if strings.HasSuffix(file, "scan.go") {
					pattern = skipped
				}
				for _, m := range pattern.FindAllStringSubmatch(strings.TrimRight(line, "\n"), -1) {
					for _, p := range m[1:] {
						if p == "" {
							continue
						}
						found++
						if known[p] == "" {
							t.Errorf("%s: %q has no French", file, p)
						}
					}
				}
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d phrases found in the source: the pattern of this test has gone blind", found)
	}
}
