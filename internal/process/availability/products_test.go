package availability

import (
	"math"
	"strings"
	"testing"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/processtest"
)

// two firewalls in two rooms that run one product at one version.
const firewalls = `
service/s: {stage: live, criticality: medium, requires: [{anyOf: [component/a, component/b]}]}
service/t: {stage: live, criticality: medium, requires: [component/c, {anyOf: [component/a, component/b]}]}
component/a: {product: Bastion 5400, version: "7.4", availability: 99.9%, site: north}
component/b: {product: Bastion 5400, version: "7.4", availability: 99.9%, site: south}
component/c: {availability: 99.99%}
site/north: {availability: 99.99%}
site/south: {availability: 99.99%}
agreement/sla: {services: [service/s], targets: [{name: up, availability: 99.99%}]}
`

func TestAProductSharedByAlternatives(t *testing.T) {
	defaults := func(list string) string { return "organisation/o: {defaults: [" + list + "]}\n" }
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"is asked for once while nobody says how often it fails", firewalls,
			[]string{"AVL-005 unknown info component/a part product/Bastion_5400_7.4 causes none hits service/s,service/t at /spec/product variant product"}},
		{"breaks a promise when it fails too often", firewalls + defaults("{class: product, product: Bastion 5400, version: '7.4', availability: 99.95%}"),
			[]string{"AVL-002 violated error component/a part product/Bastion_5400_7.4 causes component/a,component/b hits service/s,service/t at /spec variant commonproduct"}},
		{"is a risk looked at where the promise is kept", firewalls + defaults("{class: product, product: Bastion 5400, availability: 99.999%}"), nil},
		{"is counted by the default of all products", firewalls + defaults("{class: product, availability: 99.95%}"),
			[]string{"AVL-002 violated error component/a variant commonproduct"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			found := run(t, tc.text)
			for i := range found { // parts with blanks, as expectations are split at them
				found[i].Part = strings.ReplaceAll(found[i].Part, " ", "_")
			}
			both := append(processtest.Of(found, "AVL-002"), processtest.Of(found, "AVL-005")...)
			if len(tc.want) == 0 {
				processtest.Silent(t, both, "AVL-002", "AVL-005")
				return
			}
			// a holder that promises nothing is not told of
			processtest.Want(t, both, tc.want...)
		})
	}
	for name, other := range map[string]string{
		"another version": `component/b: {product: Bastion 5400, version: "7.5", availability: 99.9%, site: south}`,
		"another product": `component/b: {product: Rampart, version: "7.4", availability: 99.9%, site: south}`,
		"no version":      `component/b: {product: Bastion 5400, availability: 99.9%, site: south}`,
	} {
		t.Run(name+" is another thing", func(t *testing.T) {
			text := strings.Replace(firewalls, `component/b: {product: Bastion 5400, version: "7.4", availability: 99.9%, site: south}`, other, 1)
			processtest.Silent(t, run(t, text), "AVL-002", "AVL-005")
		})
	}
	t.Run("what the alternatives need may run it too", func(t *testing.T) {
		text := `
service/s: {stage: live, requires: [{anyOf: [component/a, component/b]}]}
component/a: {availability: 99.9%, requires: [component/x]}
component/b: {availability: 99.9%, requires: [component/y]}
component/x: {product: Engine, version: "2", availability: 99.9%}
component/y: {product: Engine, version: "2", availability: 99.9%}
`
		processtest.Want(t, processtest.Of(run(t, text), "AVL-005"), "AVL-005 unknown info component/x hits service/s variant product")
	})
	t.Run("what the holder runs itself is not shared by its alternatives", func(t *testing.T) {
		text := `
service/s: {stage: live, requires: [component/a]}
component/a: {product: Engine, version: "2", availability: 99.9%, requires: [{anyOf: [component/x, component/y]}]}
component/x: {product: Engine, version: "2", availability: 99.9%}
component/y: {product: Engine, version: "2", availability: 99.9%}
`
		processtest.Silent(t, run(t, text), "AVL-005")
	})
}

// The prediction counts a declared product once for all that runs it.
func TestTheDeclaredFigureOfAProductIsCountedOnce(t *testing.T) {
	predict := func(text string) float64 {
		f := processtest.Facts(t, analyses, "2027-03-12", text)
		a, _ := finding.Use[*Analysis](f)
		h, _ := f.Snap.Find(model.Ref{Kind: "service", Name: "s"})
		return a.figure(h).high
	}
	q, each := 0.0005, 1-0.999*0.9999
	if got, want := predict(firewalls), each*each; math.Abs(got-want) > 1e-12 {
		t.Errorf("without a figure %v, want %v", got, want)
	}
	if got, want := predict(firewalls+"organisation/o: {defaults: [{class: product, availability: 99.95%}]}\n"), q+(1-q)*each*each; math.Abs(got-want) > 1e-12 {
		t.Errorf("with a figure %v, want %v", got, want)
	}
}
