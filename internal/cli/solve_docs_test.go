package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"diapason/internal/cli"
)

// Figures that differ from run to run, and how they are told apart from others.
var (
	measured = regexp.MustCompile(`(?m)^  "(seconds|cpu_seconds|peak_bytes|diagram_nodes)": [0-9.e-]+`)
	long     = regexp.MustCompile(`\d+\.\d{8,}`)
	took     = regexp.MustCompile(`(?m)^[0-9.,e-]+ s, [0-9]+ (MiB at most|Mio au plus)\n`)
)

// TestWhatTheDocumentationShowsIsWhatHappens runs the commands of docs/solve.md on
// the models it shows and compares the output.
func TestWhatTheDocumentationShowsIsWhatHappens(t *testing.T) {
	for lang, file := range map[string]string{"en": "../../docs/solve.md", "fr": "../../docs/fr/solve.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		blocks := regexp.MustCompile("(?s)```(xml|console)\n(.*?)```").FindAllStringSubmatch(string(text), -1)
		runs := 0
		for _, b := range blocks {
			if b[1] == "xml" {
				name := regexp.MustCompile(`<!-- (\S+) -->`).FindStringSubmatch(b[2])
				if name == nil {
					t.Fatalf("%s: a model without its file name", file)
				}
				if err := os.WriteFile(filepath.Join(dir, name[1]), []byte(b[2]), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			command, want, _ := strings.Cut(b[2], "\n")
			args := strings.Fields(strings.TrimPrefix(command, "$ diapason "))
			for i, a := range args {
				if strings.HasSuffix(a, ".xml") {
					args[i] = filepath.Join(dir, a)
				}
			}
			var out, errOut bytes.Buffer
			if err := cli.Run(context.Background(), append(args, "--lang", lang), strings.NewReader(""), &out, &errOut); err != nil {
				t.Errorf("%s: %s: %v %s", file, command, err, errOut.String())
				continue
			}
			got := took.ReplaceAllString(out.String(), "")
			got = strings.ReplaceAll(got, dir+"/", "")
			got, want = withoutNoise(got), withoutNoise(want)
			if got != want {
				t.Errorf("%s: %s writes\n%s\nand not\n%s", file, command, got, want)
			}
			runs++
		}
		if runs < 3 {
			t.Errorf("%s: %d commands were found", file, runs)
		}
	}
}

// withoutNoise leaves out measured figures, and of others the digits that depend on
// the order of a sum.
func withoutNoise(output string) string {
	output = measured.ReplaceAllString(output, `  "$1": 0`)
	return long.ReplaceAllStringFunc(output, func(digits string) string {
		x, err := strconv.ParseFloat(digits, 64)
		if err != nil {
			return digits
		}
		return strconv.FormatFloat(x, 'g', 9, 64)
	})
}
