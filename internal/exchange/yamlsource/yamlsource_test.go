package yamlsource

import (
	"strings"
	"testing"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/intake/intaketest"
)

func TestPlaces(t *testing.T) {
	f, problems := Read("f.yaml", []byte("# head\n---\na:\n  b: [1, x]\n--- # two\nc: d\n...\n---\n{\"e\":\t\"f\"}\n"))
	if len(problems) > 0 || len(f.Docs()) != 3 {
		t.Fatalf("%v, %d documents", problems, len(f.Docs()))
	}
	for _, c := range []struct {
		n    Node
		want string
	}{
		{f.Docs()[0].Path("a", "b").Items()[1], "f.yaml:4:10"},
		{f.Docs()[1].Get("c"), "f.yaml:6:4"},
		{f.Docs()[0].Get("nothing"), "f.yaml"},
	} {
		if got := c.n.Place().String(); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
	if got := f.Docs()[1].Get("c").Text(); got != "d" {
		t.Errorf("c is %q", got)
	}
}

func TestMergeKeys(t *testing.T) {
	f, problems := Read("f.yaml", []byte("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 3}\nd: {<<: *a, \"<<\": text}\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	doc := f.Docs()[0]
	got := ""
	for _, e := range doc.Get("c").Entries() {
		got += e.Name + e.Value.Text() + " "
	}
	if got != "x3 y1 z2 " {
		t.Errorf("the merged mapping is %s", got)
	}
	if doc.Path("c", "y").Text() != "1" {
		t.Error("Get does not follow merge keys")
	}
}

func TestLimits(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n"
	for _, c := range []struct{ name, text, code string }{
		{"brackets within brackets", strings.Repeat("[", 20_000), "yaml.deep"},
		{"mappings within mappings", "a: " + strings.Repeat("{a: ", 200) + strings.Repeat("}", 200), "yaml.deep"},
		{"indents within indents", func() string {
			s := ""
			for i := range 150 {
				s += strings.Repeat(" ", i) + "a:\n"
			}
			return s
		}(), "yaml.deep"},
		{"values of two bytes", strings.Repeat("- \n", 2_000_000), "yaml.dense"},
		{"flow values of two bytes", "[" + strings.Repeat("a,", 3_000_000) + "]", "yaml.dense"},
		{"keys of two bytes", "{" + strings.Repeat("?,", 3_000_000) + "}", "yaml.dense"},
		{"aliases within aliases", bomb, "yaml.alias"},
		{"aliases within aliases that nobody reads", "x: 1\n" + bomb, "yaml.alias"},
		{"a list inside itself", "a: &a [*a]\n", "yaml.circle"},
		{"a mapping merged into itself", "a: &a\n  <<: *a\n  b: c\n", "yaml.circle"},
	} {
		t.Run(c.name, func(t *testing.T) {
			intaketest.Memory(t, len(c.text), func() {
				f, problems := Read("f.yaml", []byte(c.text))
				for _, d := range f.Docs() {
					walk(d)
				}
				if p := f.Problem(); p != nil {
					problems = append(problems, *p)
				}
				if len(problems) != 1 || problems[0].Code != c.code || problems[0].Line == 0 {
					t.Fatalf("%v, want %s", problems, c.code)
				}
			})
		})
	}
	t.Run("an honest file of some megabytes is read", func(t *testing.T) {
		text := strings.Repeat("- name: component-with-a-name\n  labels:\n    app: online-shop\n    tier: front\n  replicas: 3\n", 60_000)
		intaketest.Memory(t, len(text), func() {
			f, problems := Read("f.yaml", []byte(text))
			if len(problems) > 0 || len(f.Docs()[0].Items()) != 60_000 {
				t.Fatal(problems)
			}
		})
	})
}

func walk(n Node) {
	for _, x := range n.Items() {
		walk(x)
	}
	for _, e := range n.Entries() {
		walk(e.Value)
	}
}

func TestTwice(t *testing.T) {
	f, _ := Read("f.yaml", []byte("a: 1\nb: 2\na: 3\n"))
	if len(f.Twice()) != 1 || f.Twice()[0].Line != 3 || f.Docs()[0].Get("a").Text() != "3" {
		t.Errorf("%v", f.Twice())
	}
}

func FuzzRead(f *testing.F) {
	f.Add("a: &a {b: [1, *a], <<: *a}\n---\n- {x: y}\n")
	f.Add("%YAML 1.2\n---\n!x {? [a]: b}\n...\n")
	f.Add("{\"a\":\t[1]}")
	f.Fuzz(func(t *testing.T, text string) {
		file, problems := Read("f.yaml", []byte(text))
		for _, d := range file.Docs() {
			walk(d)
		}
		intaketest.Prose(t, nil, asError(problems))
	})
}

func asError(p []intake.Problem) error { return intake.Problems(p) }
