package notify

import (
	"fmt"
	"os"
	"strings"
)

// Secret is a password, token or key that stands in a file or in the environment. It is
// read whenever it is needed, so that it can be replaced without a restart, and it is never
// written anywhere.
type Secret struct {
	File, Env string
}

// Given tells that there is one.
func (s Secret) Given() bool { return s.File != "" || s.Env != "" }

// Read gives the secret, without white space around it.
func (s Secret) Read() (string, error) {
	if s.Env != "" {
		if v := strings.TrimSpace(os.Getenv(s.Env)); v != "" {
			return v, nil
		}
		return "", fmt.Errorf("the environment variable %s is empty", s.Env)
	}
	data, err := os.ReadFile(s.File)
	if err != nil {
		return "", err
	}
	if v := strings.TrimSpace(string(data)); v != "" {
		return v, nil
	}
	return "", fmt.Errorf("%s is empty", s.File)
}
