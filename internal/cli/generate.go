package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"diapason/internal/exchange/folder"
	"diapason/internal/finding"
	"diapason/internal/generate"
	"diapason/internal/model"
)

func (t *terminal) generate() *cobra.Command {
	var size generate.Size
	var out string
	c := &cobra.Command{
		Use: "generate", Short: t.say("cli.generate", nil), Long: t.say("cli.generate.long", nil), Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if out == "" || size.Services < 1 || size.Components < 0 || size.Services > 1_000_000 || size.Components > 10_000_000 {
				return unusable(errors.New(t.say("cli.generate.needs", nil)))
			}
			n, err := writeGenerated(out, size)
			if err != nil {
				return unusable(err)
			}
			fmt.Fprintln(t.out, t.say("cli.generate.done", finding.Args{"n": n, "path": out, "on": generate.On}))
			return nil
		},
	}
	f := c.Flags()
	f.IntVar(&size.Services, "services", 1000, t.say("cli.generate.services", nil))
	f.IntVar(&size.Components, "components", 10000, t.say("cli.generate.components", nil))
	f.Uint64Var(&size.Seed, "seed", 1, t.say("cli.generate.seed", nil))
	f.StringVarP(&out, "output", "o", "", t.say("cli.flag.output", nil))
	return c
}

// objectsPerFile keeps files of a size that people and caches handle well.
const objectsPerFile = 500

// writeGenerated writes files of a few hundred objects each, per kind.
func writeGenerated(out string, size generate.Size) (count int, err error) {
	err = folder.Build(out, func(add func(string, []byte) error) error {
		files := map[string]int{}
		buffers := map[string][]byte{}
		held := map[string]int{}
		var failed error
		flush := func(kind string) {
			if len(buffers[kind]) == 0 || failed != nil {
				return
			}
			files[kind]++
			failed = add(fmt.Sprintf("%s-%04d.yaml", kind, files[kind]), buffers[kind])
			buffers[kind], held[kind] = buffers[kind][:0], 0
		}
		generate.Objects(size, func(o *model.Object) {
			kind := o.Kind.Slug
			if held[kind] > 0 {
				buffers[kind] = append(buffers[kind], "---\n"...)
			}
			buffers[kind] = append(buffers[kind], o.YAML()...)
			held[kind]++
			count++
			if held[kind] == objectsPerFile {
				flush(kind)
			}
		})
		for kind := range buffers {
			flush(kind)
		}
		return failed
	})
	return count, err
}
