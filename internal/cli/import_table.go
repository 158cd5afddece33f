package cli

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"diapason/internal/exchange/folder"
	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/table"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
)

type tableOptions struct {
	importOptions
	mapping, base, dates string
}

func (t *terminal) importTable() *cobra.Command {
	var o tableOptions
	c := &cobra.Command{
		Use: "table FILE…", Short: t.say("import.cli.table", nil), Long: t.say("import.cli.table.long", nil), Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return t.runImportTable(args, o) },
	}
	t.importFlags(c, &o.importOptions)
	c.Flags().StringVar(&o.mapping, "mapping", "", t.say("import.cli.mapping", nil))
	c.Flags().StringVar(&o.base, "base", "", t.say("import.cli.base", nil))
	c.Flags().StringVar(&o.dates, "dates", "", t.say("import.cli.dates", nil))
	return c
}

func (t *terminal) importMappings() *cobra.Command {
	var show string
	c := &cobra.Command{
		Use: "mappings", Short: t.say("import.cli.mappings", nil), Long: t.say("import.cli.mappings.long", nil), Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if show != "" {
				text := table.ShippedText(show)
				if text == nil {
					return unusable(errors.New(t.say("import.mapping.unknown", finding.Args{"name": show, "nearest": model.Nearest(show, mappingNames())})))
				}
				_, err := t.out.Write(text)
				return unusable(err)
			}
			for _, m := range table.Shipped() {
				fmt.Fprintf(t.out, "%-22s %s\n", m.Name, m.Title.In(string(t.lang)))
			}
			return nil
		},
	}
	c.Flags().StringVar(&show, "show", "", t.say("import.cli.mappings.show", nil))
	return c
}

func mappingNames() []string {
	var names []string
	for _, m := range table.Shipped() {
		names = append(names, m.Name)
	}
	return names
}

// readMapping takes a mapping that comes with the program by its name, or a file.
func (t *terminal) readMapping(name string) (*table.Mapping, error) {
	if name == "" {
		return nil, nil
	}
	if m, err := table.ShippedMapping(name); err == nil {
		return m, nil
	}
	data, err := readSource(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, unusable(errors.New(t.say("import.mapping.unknown", finding.Args{"name": name, "nearest": model.Nearest(name, mappingNames())})))
	}
	if err != nil {
		return nil, unusable(err)
	}
	m, problems := table.ParseMapping(name, data)
	if len(problems) > 0 {
		return nil, intake.Problems(problems)
	}
	return m, nil
}

func (t *terminal) runImportTable(args []string, o tableOptions) error {
	if o.out != "" || o.base == "" {
		if err := t.prepareOutput(o.importOptions); err != nil {
			return err
		}
	}
	if !slices.Contains([]string{"", "dmy", "mdy", "ymd"}, o.dates) {
		return unusable(errors.New(t.say("import.cli.dates.unknown", finding.Args{"value": o.dates})))
	}
	if o.base == "" { // a model in memory has a size of its own
		defer boundMemory(args)()
	}
	m, err := t.readMapping(o.mapping)
	if err != nil {
		return t.refuse(err, o.format)
	}
	var base *model.Snapshot
	if o.base != "" {
		if base, err = t.load(o.base, true, o.format); err != nil {
			return err
		}
	}
	files, err := readAll(args)
	if err != nil {
		return t.refuse(err, o.format)
	}
	result, err := table.Read(m, files, base, table.Options{Dates: o.dates})
	if err != nil {
		return t.refuse(err, o.format)
	}
	if len(result.Errors) > 0 {
		return t.refuseCells(result, o.format)
	}
	preview := table.NewPreview(base, result)
	if o.out != "" {
		objects := result.Objects
		if base != nil {
			merged := base.With(0, preview.Objects(), nil)
			objects = folder.Sorted(merged)
		}
		if len(objects) == 0 {
			return unusable(errors.New(t.say("import.nothing", nil)))
		}
		if err := folder.Write(o.out, objects); err != nil {
			return unusable(err)
		}
	}
	return t.reportTable(result, preview, base != nil, o)
}

type cellView struct {
	table.CellError
	Cell    string `json:"cell"`
	Message string `json:"message"`
}

// refuseCells tells every cell that cannot be read.
func (t *terminal) refuseCells(r *table.Result, format string) error {
	w := t.writer()
	if format == "json" {
		list := make([]cellView, len(r.Errors))
		for i, e := range r.Errors {
			list[i] = cellView{e, e.Cell(), e.Message(w)}
		}
		writeJSON(t.out, map[string]any{"rows": r.Rows, "errors": list})
	} else {
		b := bufio.NewWriter(t.err)
		for _, e := range r.Errors {
			fmt.Fprintf(b, "%s: %s: %s\n", e.File, e.Cell(), e.Message(w))
		}
		_ = b.Flush()
	}
	return unusable(errors.New(t.say("import.cells", finding.Args{"n": len(r.Errors)})))
}

type changeView struct {
	Ref     string         `json:"ref"`
	Created bool           `json:"created,omitempty"`
	Changes []model.Change `json:"changes"`
}

func (t *terminal) reportTable(r *table.Result, p *table.Preview, compared bool, o tableOptions) error {
	w := t.writer()
	result := &intake.Result{Objects: r.Objects, Notes: r.Notes}
	if o.format == "json" {
		notes := make([]noteView, len(r.Notes))
		for i, n := range r.Notes {
			notes[i] = noteView{n.Outcome, n.Place, n.What, n.Object.String(), n.Code, n.Message(w)}
		}
		changes := make([]changeView, len(p.Changes))
		for i, c := range p.Changes {
			changes[i] = changeView{c.Object.Ref().String(), c.Created, c.Changes}
		}
		writeJSON(t.out, map[string]any{"output": o.out, "rows": r.Rows, "creates": p.Creates, "updates": p.Updates, "unchanged": p.Unchanged, "changes": changes, "notes": notes})
		return nil
	}
	b := bufio.NewWriter(t.out)
	for _, outcome := range intake.Outcomes {
		t.reportOutcome(b, w, outcome, r.Notes, o.all)
	}
	if compared {
		t.showChanges(b, w, p)
		fmt.Fprintln(b, t.say("import.compared", finding.Args{"creates": p.Creates, "updates": p.Updates, "same": p.Unchanged, "missing": len(p.Missing)}))
	}
	if o.out != "" {
		counts := map[string]int{}
		for _, x := range result.Objects {
			counts[x.Kind.Slug]++
		}
		fmt.Fprintln(b, t.say("import.table.done", finding.Args{"rows": r.Rows, "dir": o.out, "kinds": t.kindCounts(counts)}))
		fmt.Fprintln(b, t.say("import.next", finding.Args{"dir": o.out}))
	}
	return b.Flush()
}

// showChanges writes what changes as people read it.
func (t *terminal) showChanges(b *bufio.Writer, w language.Writer, p *table.Preview) {
	for _, c := range p.Changes {
		if c.Created {
			fmt.Fprintf(b, "+ %s\n", c.Object.Ref())
			continue
		}
		fmt.Fprintf(b, "~ %s\n", c.Object.Ref())
		for _, x := range c.Changes {
			fmt.Fprintf(b, "    %s: %v → %v\n", w.Value(x.Label), shown(x.Before), shown(x.After))
		}
	}
}

// exporting is the export verb with the tables of a folder beside it.
func (t *terminal) exporting() *cobra.Command {
	c := t.exportModel()
	c.AddCommand(t.exportTable(), t.exportOpenSLO())
	return c
}

func (t *terminal) exportTable() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "table KIND PATH", Short: t.say("import.cli.export", nil), Long: t.say("import.cli.export.long", nil), Args: cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			k := model.KindOf(args[0])
			if k == nil {
				return unusable(errors.New(t.say("import.cli.export.kind", finding.Args{"kind": args[0], "nearest": model.Nearest(strings.ToLower(args[0]), model.Slugs())})))
			}
			format := table.Format(strings.TrimPrefix(strings.ToLower(extension(out)), "."))
			if format != table.XLSX && format != table.CSV {
				return unusable(errors.New(t.say("import.cli.export.output", nil)))
			}
			snap, err := t.load(args[1], true, "text")
			if err != nil {
				return err
			}
			var objects []*model.Object
			for _, h := range snap.OfKind(k.Slug) {
				objects = append(objects, snap.Object(h))
			}
			var file strings.Builder
			if err := table.Write(&file, k, objects, t.lang, format); err != nil {
				return unusable(err)
			}
			if err := folder.WriteFile(out, []byte(file.String())); err != nil {
				return unusable(err)
			}
			fmt.Fprintln(t.out, t.say("import.cli.export.done", finding.Args{"n": len(objects), "file": out, "kind": k.Plural}))
			return nil
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "", t.say("import.cli.export.file", nil))
	return c
}

func extension(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return name[i:]
	}
	return ""
}
