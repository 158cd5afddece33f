// Package internal holds the test of the law of dependencies.
package internal

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "diapason/internal/"

// allowed says, for packages under a prefix, which imports they may have. The
// first prefix that fits counts. Standard packages are judged by banned.
var allowed = []struct {
	prefix  string
	imports []string // prefixes of import paths outside the standard library
	why     string
}{
	{"engine/", []string{module + "engine/", "gonum.org/v1/gonum/"}, "an engine is mathematics that knows nothing of ITIL and can be used alone"},
	{"model/fault", nil, "readers of files use it without the model"},
	{"model", []string{module + "model/", "go.yaml.in/yaml/v4", "github.com/gowebpki/jcs"}, "everything rests on the model; it rests on nothing of ours"},
	{"finding", []string{module + "model"}, "rules and facts need the model only"},
	{"calendars", []string{module + "model", module + "finding", module + "engine/worktime", "github.com/rickar/cal/v2"}, "turns calendars of the model into working time"},
	{"process/processtest", []string{module, "go.yaml.in/yaml/v4"}, "helps tests of processes"},
	{"process/", []string{module + "model", module + "finding", module + "engine/", module + "calendars"}, "a process knows no other process: it declares the facts it needs as small interfaces"},
	{"language", []string{module + "model", module + "finding", module + "engine/worktime", "go.yaml.in/yaml/v4"}, "prose is rendered at the edge and calls nobody back"},
	{"store/storetest", []string{module + "store", "github.com/anishathalye/porcupine", "golang.org/x/mod/sumdb/", "github.com/gowebpki/jcs"}, "the conformance suite checks histories with a model checker"},
	{"store/ledger/ledgertest", []string{module + "store", module + "anchor", module + "engine/slo", module + "engine/worktime", "pgregory.net/rapid"}, "the conformance suite compares with a reference model, the benchmark attains"},
	{"store/pgtest", []string{"github.com/jackc/pgx/v5"}, "starts a database for tests"},
	{"store", []string{module + "store", "golang.org/x/mod/sumdb/", "github.com/gowebpki/jcs", "modernc.org/sqlite", "github.com/jackc/pgx/v5", "github.com/pressly/goose/v3", "golang.org/x/sys", "golang.org/x/text"}, "the store knows nothing of the kinds"},
	{"telemetry/embedded", []string{module + "telemetry", "github.com/prometheus/", "github.com/golang/snappy", "github.com/gogo/protobuf", "google.golang.org/protobuf", "go.opentelemetry.io/"}, "the metrics store in this process"},
	{"telemetry/remote", []string{module + "telemetry", "github.com/prometheus/"}, "asks a metrics server by its HTTP API"},
	{"telemetry/ingest", []string{module + "telemetry", "github.com/prometheus/", "github.com/golang/snappy", "github.com/gogo/protobuf", "google.golang.org/protobuf", "go.opentelemetry.io/"}, "receives samples"},
	{"telemetry/probe", []string{module + "telemetry", "github.com/prometheus/", "google.golang.org/grpc"}, "asks targets at regular intervals"},
	{"telemetry/promtest", []string{module + "telemetry", "github.com/prometheus/", "github.com/golang/snappy"}, "starts a metrics server for tests"},
	{"telemetry", nil, "the contract of metrics knows no server"},
	{"notify/mail", []string{module + "notify", "github.com/wneessen/go-mail"}, "sends e-mail"},
	{"notify/settings", []string{module + "notify", module + "exchange/yamlsource", module + "exchange/intake", module + "finding"}, "reads which channels there are, and opens them"},
	{"notify/", []string{module + "notify"}, "a channel knows nothing of ours but messages"},
	{"notify", nil, "the contract of messages knows no channel"},
	{"identity", []string{module + "identity", module + "store", module + "model", "github.com/cedar-policy/cedar-go", "golang.org/x/crypto", "golang.org/x/text", "github.com/gowebpki/jcs"}, "accounts and rights do not know the use cases that ask them"},
	{"exchange/openpsa", []string{module + "engine/", module + "model/fault", "gonum.org/v1/gonum/"}, "it is read before most of the program is initialised"},
	{"cli/early", []string{module + "cli/solver", module + "cli/start"}, "it runs before most of the program is initialised, and waits for whatever it imports"},
	{"cli/solver", []string{module + "engine/", module + "exchange/openpsa", module + "model/fault"}, "it runs before most of the program is initialised, and waits for whatever it imports"},
	{"cli/start", nil, "it comes first, and waits for whatever it imports"},
	{"exchange/sarif", []string{module + "app", module + "finding"}, "writes rendered findings"},
	{"exchange/promquery", []string{"github.com/prometheus/common/model", "github.com/prometheus/prometheus/promql/parser"}, "reads PromQL behind types of ours; nothing else of Prometheus"},
	{"report", []string{"codeberg.org/go-pdf/fpdf", "golang.org/x/image/font", "github.com/xuri/excelize/v2"}, "a report is laid out from words that are ready; it knows nothing of ours"},
	{"app", []string{module + "app", module + "report", module + "model", module + "finding", module + "process/", module + "engine/", module + "calendars", module + "language", module + "store", module + "telemetry", module + "notify", module + "identity", module + "exchange/", "golang.org/x/text", "golang.org/x/image/webp"}, "use cases know neither HTTP nor the command line"},
}

// purePrefixes touch neither network, disk, database nor clock.
var purePrefixes = []string{"engine/", "model", "finding", "process/", "calendars"}

var impure = map[string]string{
	"net": "no network in the core", "net/http": "no network in the core", "os": "no disk in the core", "os/exec": "no processes in the core",
	"io/ioutil": "no disk in the core", "database/sql": "no database in the core", "log": "no output from the core", "log/slog": "no output from the core",
	"math/rand": "the core is deterministic", "crypto/rand": "the core is deterministic", "syscall": "no system in the core",
}

// importers says who may import a package.
var importers = []struct {
	pkg  string
	from []string
	why  string
}{
	{module + "app", []string{"app", "api", "cli", "exchange/sarif"}, "use cases are called from the edges only"},
	{"github.com/prometheus/prometheus/", []string{"telemetry/", "exchange/promquery"}, "its Go interfaces change with every release; promquery takes its parser alone, without the store"},
	{"github.com/prometheus/blackbox_exporter/", []string{"telemetry/"}, "its Go interfaces change with every release"},
	{module + "telemetry/", []string{"telemetry/", "cli"}, "the only importers of Prometheus; a build without them stays possible"},
	{module + "notify/", []string{"notify/", "cli"}, "channels are opened at the edge"},
	{module + "api", []string{"api", "cli"}, "HTTP is one edge; nobody builds on it"},
	{module + "cli", []string{"cli"}, "the command line is the outermost edge"},
}

type source struct {
	dir, file string
	syntax    *ast.File
	test      bool
}

func sources(t *testing.T) []source {
	var out []source
	fset := token.NewFileSet()
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && d.Name() == "testdata" {
			if err == nil {
				err = filepath.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		f, err := parser.ParseFile(fset, p, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		out = append(out, source{filepath.ToSlash(filepath.Dir(p)), p, f, strings.HasSuffix(p, "_test.go")})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 50 {
		t.Fatalf("only %d files were found: this test has gone blind", len(out))
	}
	return out
}

func imports(s source) []string {
	var out []string
	for _, i := range s.syntax.Imports {
		out = append(out, strings.Trim(i.Path.Value, `"`))
	}
	return out
}

func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && first != "diapason"
}

func under(dir, prefix string) bool {
	return dir == strings.TrimSuffix(prefix, "/") || strings.HasPrefix(dir, strings.TrimSuffix(prefix, "/")+"/")
}

func TestPackagesImportOnlyWhatTheLawAllows(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, rule := range allowed {
			if !under(s.dir, rule.prefix) {
				continue
			}
			for _, path := range imports(s) {
				ok := standard(path) || slices.ContainsFunc(rule.imports, func(p string) bool {
					return path == strings.TrimSuffix(p, "/") || strings.HasPrefix(path, strings.TrimSuffix(p, "/")+"/") || p == module && strings.HasPrefix(path, module)
				})
				if ok && strings.HasPrefix(s.dir, "process/") && strings.HasPrefix(path, module+"process/") && !strings.HasPrefix(s.dir, "process/processtest") {
					ok = false
				}
				if !ok {
					t.Errorf("%s imports %s: %s", s.file, path, rule.why)
				}
			}
			break
		}
		for _, who := range importers {
			for _, path := range imports(s) {
				if (path == who.pkg || strings.HasSuffix(who.pkg, "/") && strings.HasPrefix(path, who.pkg)) && !slices.ContainsFunc(who.from, func(p string) bool { return under(s.dir, p) }) {
					t.Errorf("%s imports %s: %s", s.file, path, who.why)
				}
			}
		}
	}
}

func TestTheCoreTouchesNeitherNetworkNorDiskNorClock(t *testing.T) {
	for _, s := range sources(t) {
		pure := slices.ContainsFunc(purePrefixes, func(p string) bool { return under(s.dir, p) })
		if s.test || !pure || under(s.dir, "process/processtest") {
			continue
		}
		for _, path := range imports(s) {
			if why, banned := impure[path]; banned {
				t.Errorf("%s imports %s: %s", s.file, path, why)
			}
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" {
				switch sel.Sel.Name {
				case "Now", "Since", "Until", "After", "Tick", "NewTimer", "NewTicker", "Sleep":
					t.Errorf("%s uses time.%s: the core never asks the clock", s.file, sel.Sel.Name)
				}
			}
			return true
		})
	}
}

func TestFilesAndPackagesAreNamedAfterWhatTheyHold(t *testing.T) {
	for _, s := range sources(t) {
		for _, word := range []string{"util", "utils", "helper", "helpers", "common", "misc"} {
			base := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(s.file), ".go"), "_test")
			if s.syntax.Name.Name == word || base == word {
				t.Errorf("%s: %q says nothing about what is inside", s.file, word)
			}
		}
	}
}
