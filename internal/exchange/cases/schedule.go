package cases

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"diapason/internal/model"
)

// Ticket tools that can be asked.
const (
	ToolITop = "itop"
	ToolGLPI = "glpi"
)

// Asked is a ticket tool that is asked for its cases at regular intervals, as the file of
// a server lists it.
type Asked struct {
	Source  string   `yaml:"source"` // name of the measurement source
	Tool    string   `yaml:"tool"`   // itop or glpi
	URL     string   `yaml:"url"`
	Classes []string `yaml:"classes"` // of iTop; Incident and UserRequest when empty
	// Every is the interval, such as 15min; DefaultEvery when empty.
	Every string `yaml:"every"`
	// Since is the day from which cases are asked for after a start, year-month-day; the
	// last month when empty.
	Since string `yaml:"since"`
	// Mapping is a file; the mapping that comes with the program when empty.
	Mapping string `yaml:"mapping"`
	// Titles are kept only where it is true: they may hold personal data.
	Titles bool `yaml:"titles"`
	// Secrets are in files, read again each time.
	TokenFile    string `yaml:"token-file"`
	AppTokenFile string `yaml:"app-token-file"`
	User         string `yaml:"user"`
	PasswordFile string `yaml:"password-file"`

	Interval time.Duration `yaml:"-"`
	From     model.Date    `yaml:"-"`
	Read     *Mapping      `yaml:"-"`
}

// DefaultEvery is how often a ticket tool is asked, shortestEvery how often at most.
const (
	DefaultEvery  = 15 * time.Minute
	shortestEvery = time.Minute
)

// ReadSchedule reads the file of the ticket tools that are asked: a list called tickets.
// Files that it names are looked for beside it.
func ReadSchedule(path string) ([]Asked, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, &model.Fault{Format: "the list of ticket tools cannot be read (%s)", Args: []any{err.Error()}}
	}
	var file struct {
		Tickets []Asked `yaml:"tickets"`
	}
	if err := yaml.Load(data, &file, yaml.WithKnownFields()); err != nil {
		return nil, &model.Fault{Format: "the list of ticket tools cannot be read (%s)", Args: []any{strings.Join(strings.Fields(err.Error()), " ")}}
	}
	if len(file.Tickets) == 0 {
		return nil, &model.Fault{Format: "no ticket tool is listed: write them under tickets"}
	}
	seen := map[string]bool{}
	for i := range file.Tickets {
		a := &file.Tickets[i]
		a.Source = strings.TrimPrefix(a.Source, "measurement-source/")
		if seen[a.Source] {
			return nil, &model.Fault{Format: "the measurement source %q is listed twice", Args: []any{a.Source}}
		}
		seen[a.Source] = true
		if err := a.settle(filepath.Dir(path)); err != nil {
			return nil, err
		}
	}
	return file.Tickets, nil
}

// settle fills in what is left out and refuses what cannot be asked.
func (a *Asked) settle(folder string) error {
	if a.Source == "" {
		return &model.Fault{Format: "a ticket tool is listed without its measurement source: write for example source: helpdesk"}
	}
	if a.Tool != ToolITop && a.Tool != ToolGLPI {
		return &model.Fault{Format: "%q is no ticket tool that can be asked: write itop or glpi", Args: []any{a.Tool}}
	}
	if u, err := url.Parse(a.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return &model.Fault{Format: "%q is no address of a ticket tool: write for example https://tickets.example.org", Args: []any{a.URL}}
	}
	a.Interval = DefaultEvery
	if a.Every != "" {
		d, err := model.ParseDuration(a.Every)
		if err != nil {
			return err
		}
		if a.Interval = d.Std(); a.Interval < shortestEvery {
			return &model.Fault{Format: "%q is too often for a ticket tool: ask it once a minute at most", Args: []any{a.Every}}
		}
	}
	if a.Since != "" {
		var err error
		if a.From, err = model.ParseDate(a.Since); err != nil {
			return err
		}
	}
	for _, file := range []*string{&a.Mapping, &a.TokenFile, &a.AppTokenFile, &a.PasswordFile} {
		if *file != "" && !filepath.IsAbs(*file) {
			*file = filepath.Join(folder, *file)
		}
	}
	if a.Mapping != "" {
		data, err := os.ReadFile(a.Mapping)
		if err != nil {
			return &model.Fault{Format: "the mapping cannot be read (%s)", Args: []any{err.Error()}}
		}
		if a.Read, err = ParseMapping(data); err != nil {
			return err
		}
	}
	_, err := a.Server()
	return err
}

// Server is the tool with its secrets as they are now.
func (a *Asked) Server() (Server, error) {
	s := Server{URL: a.URL, User: a.User}
	for _, secret := range []struct {
		file string
		into *string
	}{{a.TokenFile, &s.Token}, {a.AppTokenFile, &s.App}, {a.PasswordFile, &s.Pass}} {
		if secret.file == "" {
			continue
		}
		data, err := os.ReadFile(secret.file)
		if err != nil {
			return s, &model.Fault{Format: "a secret of the ticket tool cannot be read (%s)", Args: []any{err.Error()}}
		}
		*secret.into = strings.TrimSpace(string(data))
	}
	if s.Token == "" && (a.Tool == ToolGLPI || s.User == "" || s.Pass == "") {
		return s, &model.Fault{Format: "the ticket tool of %q has no token: name its file in token-file", Args: []any{a.Source}}
	}
	return s, nil
}

// Host is where the tool is, without anything secret.
func (a *Asked) Host() string {
	u, err := url.Parse(a.URL)
	if err != nil {
		return ""
	}
	return u.Host
}
