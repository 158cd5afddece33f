package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"diapason/internal/app"
	"diapason/internal/exchange/backstage"
	"diapason/internal/exchange/compose"
	"diapason/internal/exchange/folder"
	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/kubernetes"
	"diapason/internal/exchange/wikimedia"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
)

// importOptions are the flags that every import has.
type importOptions struct {
	out, format string
	all         bool
}

func (t *terminal) importing() *cobra.Command {
	c := &cobra.Command{
		Use: "import", Short: t.say("import.cli", nil), Long: t.say("import.cli.long", nil), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(t.importCompose(), t.importKubernetes(), t.importBackstage(), t.importWikimedia(), t.importOpenSLO(), t.importSloth(), t.importPyrra(), t.importTable(), t.importMappings())
	return c
}

func (t *terminal) importFlags(c *cobra.Command, o *importOptions) {
	c.Flags().StringVarP(&o.out, "output", "o", "", t.say("import.cli.output", nil))
	c.Flags().StringVar(&o.format, "format", "text", t.say("import.cli.format", nil))
	c.Flags().BoolVar(&o.all, "all", false, t.say("import.cli.all", nil))
}

func (t *terminal) importCompose() *cobra.Command {
	var o importOptions
	var x compose.Options
	var references string
	c := &cobra.Command{
		Use: "compose FILE…", Short: t.say("import.cli.compose", nil), Long: t.say("import.cli.compose.long", nil), Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			x.References = compose.References(references)
			if !slices.Contains([]compose.References{compose.Auto, compose.Requires, compose.Degrades, compose.Report}, x.References) {
				return unusable(errors.New(t.say("import.cli.references.unknown", finding.Args{"value": references})))
			}
			x.Open = readSource
			return t.take(o, append(args, x.Env...), func() (*intake.Result, error) { return compose.Import(args, x) })
		},
	}
	t.importFlags(c, &o)
	c.Flags().StringArrayVar(&x.Env, "env", nil, t.say("import.cli.env", nil))
	c.Flags().StringArrayVar(&x.Profiles, "profile", nil, t.say("import.cli.profile", nil))
	c.Flags().StringVar(&x.Site, "site", "", t.say("import.cli.site", nil))
	c.Flags().StringVar(&references, "references", string(compose.Auto), t.say("import.cli.references", nil))
	return c
}

func (t *terminal) importKubernetes() *cobra.Command {
	var o importOptions
	var site string
	c := &cobra.Command{
		Use: "kubernetes FILE…", Aliases: []string{"k8s"}, Short: t.say("import.cli.kubernetes", nil), Long: t.say("import.cli.kubernetes.long", nil), Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return t.take(o, args, func() (*intake.Result, error) {
				files, err := readAll(args)
				if err != nil {
					return nil, err
				}
				return kubernetes.Import(files, kubernetes.Options{Site: site})
			})
		},
	}
	t.importFlags(c, &o)
	c.Flags().StringVar(&site, "site", "", t.say("import.cli.site", nil))
	return c
}

func (t *terminal) importBackstage() *cobra.Command {
	var o importOptions
	c := &cobra.Command{
		Use: "backstage FILE…", Short: t.say("import.cli.backstage", nil), Long: t.say("import.cli.backstage.long", nil), Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return t.take(o, args, func() (*intake.Result, error) {
				files, err := readAll(args)
				if err != nil {
					return nil, err
				}
				return backstage.Import(files)
			})
		},
	}
	t.importFlags(c, &o)
	return c
}

func (t *terminal) importWikimedia() *cobra.Command {
	var o importOptions
	c := &cobra.Command{
		Use: "wikimedia SERVICE.yaml NODES…", Short: t.say("import.cli.wikimedia", nil), Long: t.say("import.cli.wikimedia.long", nil), Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return t.take(o, args, func() (*intake.Result, error) {
				files, err := readAll(args)
				if err != nil {
					return nil, err
				}
				return wikimedia.Import(files)
			})
		},
	}
	t.importFlags(c, &o)
	return c
}

// take runs an importer, writes the folder and tells what became of the source.
func (t *terminal) take(o importOptions, sources []string, run func() (*intake.Result, error)) error {
	if err := t.prepareOutput(o); err != nil {
		return err
	}
	defer boundMemory(sources)()
	result, err := run()
	if err != nil {
		return t.refuse(err, o.format)
	}
	if len(result.Objects) == 0 {
		return unusable(errors.New(t.say("import.nothing", nil)))
	}
	if err := folder.Write(o.out, result.Objects); err != nil {
		return unusable(err)
	}
	return t.reportImport(result, o)
}

// prepareOutput refuses a folder that cannot take the model, before any work.
func (t *terminal) prepareOutput(o importOptions) error {
	if o.format != "text" && o.format != "json" {
		return unusable(errors.New(t.say("cli.format.unknown", finding.Args{"value": o.format, "formats": []string{"text", "json"}})))
	}
	if o.out == "" {
		return unusable(errors.New(t.say("import.cli.output.missing", nil)))
	}
	entries, err := os.ReadDir(o.out)
	switch {
	case err == nil && len(entries) > 0:
		return unusable(errors.New(t.say("import.cli.output.full", finding.Args{"dir": o.out})))
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return unusable(errors.New(t.say("import.cli.output.bad", finding.Args{"dir": o.out})))
	}
	return nil
}

// refuse reports what makes the input unusable.
func (t *terminal) refuse(err error, format string) error {
	var problems intake.Problems
	if !errors.As(err, &problems) {
		return unusable(err)
	}
	w := t.writer()
	if format == "json" {
		list := make([]problemView, len(problems))
		for i, p := range problems {
			list[i] = problemView{p.Place, p.Code, p.Message(w)}
		}
		writeJSON(t.out, map[string]any{"problems": list})
	} else {
		for _, p := range problems {
			fmt.Fprintf(t.err, "%s: %s\n", p.Place, p.Message(w))
		}
	}
	return unusable(errors.New(t.say("import.unusable", finding.Args{"n": len(problems)})))
}

type problemView struct {
	intake.Place
	Code    string `json:"code"`
	Message string `json:"message"`
}

type noteView struct {
	Outcome intake.Outcome `json:"outcome"`
	intake.Place
	What    string `json:"what"`
	Object  string `json:"object,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func writeJSON(w io.Writer, v any) {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(v)
}

func (t *terminal) reportImport(result *intake.Result, o importOptions) error {
	w := t.writer()
	counts := map[string]int{}
	for _, x := range result.Objects {
		counts[x.Kind.Slug]++
	}
	if o.format == "json" {
		notes := make([]noteView, len(result.Notes))
		for i, n := range result.Notes {
			notes[i] = noteView{n.Outcome, n.Place, n.What, n.Object.String(), n.Code, n.Message(w)}
		}
		outcomes := map[intake.Outcome]int{}
		for _, n := range result.Notes {
			outcomes[n.Outcome]++
		}
		writeJSON(t.out, map[string]any{"output": o.out, "objects": counts, "outcomes": outcomes, "notes": notes, "lacks": app.ImportLacks(w, nil, model.DateOf(machine.now()), result.Objects)})
		return nil
	}
	b := bufio.NewWriter(t.out)
	for _, outcome := range intake.Outcomes {
		t.reportOutcome(b, w, outcome, result.Notes, o.all)
	}
	fmt.Fprintln(b, t.say("import.done", finding.Args{"n": len(result.Objects), "dir": o.out, "kinds": t.kindCounts(counts)}))
	if lacks := app.ImportLacks(w, nil, model.DateOf(machine.now()), result.Objects); lacks != "" {
		fmt.Fprintln(b, lacks)
	}
	fmt.Fprintln(b, t.say("import.next", finding.Args{"dir": o.out}))
	return b.Flush()
}

// shownPlaces is how many places of one sort of note the text report names.
const shownPlaces = 4

// reportOutcome writes the notes of one outcome, those that say the same together.
func (t *terminal) reportOutcome(b *bufio.Writer, w language.Writer, outcome intake.Outcome, notes []intake.Note, all bool) {
	groups := map[string][]intake.Note{}
	var order []string
	for _, n := range notes {
		if n.Outcome != outcome {
			continue
		}
		m := n.Message(w)
		if groups[m] == nil {
			order = append(order, m)
		}
		groups[m] = append(groups[m], n)
	}
	if len(order) == 0 {
		return
	}
	fmt.Fprintf(b, "%s\n", t.say("import.outcome."+string(outcome), nil))
	for _, m := range order {
		list := groups[m]
		fmt.Fprintf(b, "  %s\n", m)
		for i, n := range list {
			if i == shownPlaces && !all && len(list) > shownPlaces+1 {
				fmt.Fprintf(b, "      %s\n", t.say("import.more", finding.Args{"n": len(list) - i}))
				break
			}
			fmt.Fprintf(b, "      %s: %s", n.Place, n.What)
			if !n.Object.IsZero() {
				fmt.Fprintf(b, " → %s", n.Object)
			}
			fmt.Fprintln(b)
		}
	}
	fmt.Fprintln(b)
}

func (t *terminal) kindCounts(counts map[string]int) []string {
	var parts []string
	for _, k := range model.Kinds {
		if n := counts[k.Slug]; n > 0 {
			label := k.Plural
			if n == 1 {
				label = k.Label
			}
			parts = append(parts, fmt.Sprintf("%d %s", n, strings.ToLower(label.In(string(t.lang)))))
		}
	}
	return parts
}

// boundMemory asks the collector to keep the program within 64 MiB and 40 times
// its sources, less what the stack and the program itself take, until the
// function that it returns is called.
func boundMemory(sources []string) func() {
	total := int64(0)
	for _, name := range sources {
		_ = filepath.WalkDir(name, func(_ string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				if info, err := d.Info(); err == nil {
					total += info.Size()
				}
			}
			return nil
		})
	}
	before := debug.SetMemoryLimit(44<<20 + 34*total)
	return func() { debug.SetMemoryLimit(before) }
}

// readSource reads a file that an import names.
func readSource(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, &os.PathError{Op: "read", Path: name, Err: errors.New("is a directory")}
	}
	if !info.Mode().IsRegular() {
		return nil, &os.PathError{Op: "read", Path: name, Err: errors.New("is no ordinary file")}
	}
	if info.Size() > maxSource {
		return nil, &os.PathError{Op: "read", Path: name, Err: fmt.Errorf("larger than %d MiB", maxSource>>20)}
	}
	return os.ReadFile(name)
}

const maxSource = 128 << 20

// readAll reads files, and the YAML and JSON files of folders.
func readAll(names []string) ([]intake.File, error) {
	var out []intake.File
	var problems intake.Problems
	bad := func(name string, err error) {
		problems = append(problems, intake.Unread(intake.Place{}, name, err))
	}
	one := func(name string) {
		data, err := readSource(name)
		if err != nil {
			bad(name, err)
			return
		}
		out = append(out, intake.File{Name: name, Data: data})
	}
	for _, name := range names {
		if info, err := os.Stat(name); err != nil || !info.IsDir() {
			one(name)
			continue
		}
		err := filepath.WalkDir(name, func(p string, d os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			switch filepath.Ext(p) {
			case ".yaml", ".yml", ".json":
				if !d.IsDir() {
					one(p)
				}
			}
			return nil
		})
		if err != nil {
			bad(name, err)
		}
	}
	if problems != nil {
		return nil, problems
	}
	return out, nil
}
