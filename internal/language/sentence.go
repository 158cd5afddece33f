package language

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"text/template/parse"

	"diapason/internal/finding"
)

// sentence is a text of the product ready to be filled. Texts are templates of
// text/template; those made only of values, plurals and conditions on them, which
// is nearly all, are filled without its reflection, and write only the values
// they name.
type sentence struct {
	parts []part // nil where only the template can fill it
	whole *template.Template
}

// part is a piece of text, a value, a plural or a condition.
type part struct {
	text            string
	value           *operand
	plural          []operand           // number, one, other
	join            func(string) string // a French word before the value
	condition       *condition
	then, otherwise []part
}

// operand is an argument by its name, or a constant.
type operand struct {
	name     string
	constant any // string or int
}

// condition compares operands: "", "not", "eq", "ne", "gt", "ge", "lt" or "le".
type condition struct {
	op   string
	args []operand
}

// operands is how many operands each condition has.
var operands = map[string]int{"": 1, "not": 1, "eq": 2, "ne": 2, "gt": 2, "ge": 2, "lt": 2, "le": 2}

var sentences = map[Lang]*sync.Map{EN: {}, FR: {}} // text → *sentence

func (l Lang) sentence(text string) *sentence {
	known := sentences[l]
	if hit, ok := known.Load(text); ok {
		return hit.(*sentence)
	}
	s := &sentence{}
	t, err := template.New("").Option("missingkey=zero").Funcs(l.functions()).Parse(text)
	if err == nil {
		s.whole = t
		if parts, ok := compile(t.Root); ok {
			s.parts = parts
		}
	}
	known.Store(text, s)
	return s
}

// functions are those that sentences may call.
func (l Lang) functions() template.FuncMap {
	m := template.FuncMap{"plural": l.plural}
	for name, join := range joiners {
		m[name] = func(v any) string { return join(fmt.Sprint(v)) }
	}
	return m
}

func compile(list *parse.ListNode) (parts []part, ok bool) {
	parts = []part{}
	if list == nil {
		return parts, true
	}
	for _, n := range list.Nodes {
		var p part
		switch x := n.(type) {
		case *parse.TextNode:
			p.text = string(x.Text)
		case *parse.ActionNode:
			op, args, ok := compilePipe(x.Pipe)
			switch {
			case !ok:
				return nil, false
			case op == "" && args[0].name != "":
				p.value = &args[0]
			case op == "plural" && len(args) == 3:
				p.plural = args
			case joiners[op] != nil && len(args) == 1 && args[0].name != "":
				p.value, p.join = &args[0], joiners[op]
			default:
				return nil, false
			}
		case *parse.IfNode:
			op, args, ok := compilePipe(x.Pipe)
			if !ok || op == "" && args[0].name == "" || len(args) != operands[op] {
				return nil, false
			}
			p.condition = &condition{op, args}
			if p.then, ok = compile(x.List); !ok {
				return nil, false
			}
			if p.otherwise, ok = compile(x.ElseList); !ok {
				return nil, false
			}
		default:
			return nil, false
		}
		parts = append(parts, p)
	}
	return parts, true
}

// compilePipe reads one value, or one of the known functions with its operands.
func compilePipe(pipe *parse.PipeNode) (op string, args []operand, ok bool) {
	if len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 {
		return "", nil, false
	}
	nodes := pipe.Cmds[0].Args
	if id, is := nodes[0].(*parse.IdentifierNode); is {
		switch id.Ident {
		case "plural", "not", "eq", "ne", "gt", "ge", "lt", "le", "de", "que", "à":
			op, nodes = id.Ident, nodes[1:]
		default:
			return "", nil, false
		}
	} else if len(nodes) != 1 {
		return "", nil, false
	}
	for _, n := range nodes {
		switch x := n.(type) {
		case *parse.FieldNode:
			if len(x.Ident) != 1 {
				return "", nil, false
			}
			args = append(args, operand{name: x.Ident[0]})
		case *parse.StringNode:
			args = append(args, operand{constant: x.Text})
		case *parse.NumberNode:
			if !x.IsInt {
				return "", nil, false
			}
			args = append(args, operand{constant: int(x.Int64)})
		default:
			return "", nil, false
		}
	}
	return op, args, len(args) > 0
}

// filler fills one sentence with the arguments of a message, or of a finding.
type filler struct {
	w    Writer
	args finding.Args
	of   *finding.Finding // nil for messages
	b    strings.Builder
}

// argument is an argument as templates see it: numbers and truths as they are,
// everything else written for people; nil where there is none.
func (f *filler) argument(name string) any {
	v, ok := f.args[name]
	if !ok && f.of != nil {
		switch name {
		case "subject":
			v, ok = f.of.Subject, true
		case "causes":
			v, ok = f.of.Causes, true
		case "part":
			v, ok = f.of.Part, true
		}
	}
	if !ok {
		return nil
	}
	switch v.(type) {
	case int, int64, bool:
		return v
	}
	return f.w.Value(v)
}

func (f *filler) operand(o operand) any {
	if o.name != "" {
		return f.argument(o.name)
	}
	return o.constant
}

// fill writes the parts; ok is false where only the template knows what is meant.
func (f *filler) fill(parts []part) (ok bool) {
	for i := range parts {
		p := &parts[i]
		switch {
		case p.value != nil:
			switch v := f.argument(p.value.name).(type) {
			case string:
				if p.join != nil {
					v = p.join(v)
				}
				f.b.WriteString(v)
			case int:
				s := strconv.Itoa(v)
				if p.join != nil {
					s = p.join(s)
				}
				f.b.WriteString(s)
			case nil:
				return false
			default:
				if p.join != nil {
					return false
				}
				fmt.Fprint(&f.b, v)
			}
		case p.plural != nil:
			n, one, other := f.operand(p.plural[0]), f.operand(p.plural[1]), f.operand(p.plural[2])
			a, ok1 := one.(string)
			b, ok2 := other.(string)
			if n == nil || !ok1 || !ok2 {
				return false
			}
			f.b.WriteString(f.w.Lang.plural(n, a, b))
		case p.condition != nil:
			holds, ok := f.holds(p.condition)
			if !ok {
				return false
			}
			branch := p.then
			if !holds {
				branch = p.otherwise
			}
			if !f.fill(branch) {
				return false
			}
		default:
			f.b.WriteString(p.text)
		}
	}
	return true
}

func (f *filler) holds(c *condition) (holds, ok bool) {
	first := f.operand(c.args[0])
	switch c.op {
	case "":
		return truth(first), true
	case "not":
		return !truth(first), true
	}
	second := f.operand(c.args[1])
	if a, is := first.(string); is && (c.op == "eq" || c.op == "ne") {
		b, same := second.(string)
		return (a == b) == (c.op == "eq"), same
	}
	a, ok1 := first.(int)
	b, ok2 := second.(int)
	if !ok1 || !ok2 {
		return false, false
	}
	switch c.op {
	case "eq":
		return a == b, true
	case "ne":
		return a != b, true
	case "gt":
		return a > b, true
	case "ge":
		return a >= b, true
	case "lt":
		return a < b, true
	}
	return a <= b, true
}

func truth(v any) bool {
	switch x := v.(type) {
	case string:
		return x != ""
	case int:
		return x != 0
	case int64:
		return x != 0
	case bool:
		return x
	}
	return false
}

// fill renders a template in which {{.name}} is an argument written for people
// and {{plural .n "one" "several"}} chooses by number. Of is the finding whose
// subject, causes and part may be named, nil for messages.
func (w Writer) fill(text string, args finding.Args, of *finding.Finding) string {
	if !strings.Contains(text, "{{") {
		return text
	}
	s := w.Lang.sentence(text)
	if s.whole == nil {
		return text
	}
	f := filler{w: w, args: args, of: of}
	if s.parts != nil && f.fill(s.parts) {
		return f.b.String()
	}
	return f.whole(s, text)
}

// whole fills the template itself.
func (f *filler) whole(s *sentence, text string) string {
	data := make(map[string]any, len(f.args)+3)
	if f.of != nil {
		for _, name := range []string{"subject", "causes", "part"} {
			data[name] = f.argument(name)
		}
	}
	for name := range f.args {
		data[name] = f.argument(name)
	}
	var b strings.Builder
	if err := s.whole.Execute(&b, data); err != nil {
		return text
	}
	return b.String()
}
