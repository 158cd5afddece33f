package identity

import (
	"slices"
	"strings"
)

// Role is a role of the field that an account can be granted.
type Role string

// The roles, in the order in which the vocabulary lists them.
const (
	RoleServiceOwner           Role = "service-owner"
	RoleDesignCoordinator      Role = "design-coordinator"
	RoleCatalogueManager       Role = "catalogue-manager"
	RoleServiceLevelManager    Role = "service-level-manager"
	RoleAvailabilityManager    Role = "availability-manager"
	RoleCapacityManager        Role = "capacity-manager"
	RoleContinuityManager      Role = "continuity-manager"
	RoleSecurityManager        Role = "security-manager"
	RoleSupplierManager        Role = "supplier-manager"
	RoleCustomerRepresentative Role = "customer-representative"
	RoleSupplierContact        Role = "supplier-contact"
	RoleAuditor                Role = "auditor"
	RoleAdministrator          Role = "administrator"
)

// Group is a set of roles that policies speak of together. Unlike a role, a
// group is held whatever the scope of the grant: the capacity manager of one
// service reads the whole model as other members of staff do, and edits within
// that service alone.
type Group string

// The groups.
const (
	// GroupStaff works inside the organisation and reads its model.
	GroupStaff Group = "staff"
	// GroupDesigners draft changes: service owners and the managers.
	GroupDesigners Group = "designers"
)

// roleFacts describes one role.
type roleFacts struct {
	role   Role
	groups []Group
	// scopes are the kinds (slugs) of objects a grant of the role can be narrowed to.
	scopes []string
	// process is the process whose manager the role is, or "".
	process string
}

var (
	inside      = []Group{GroupStaff}
	designing   = []Group{GroupStaff, GroupDesigners}
	serviceOnly = []string{"service"}
)

var roles = []roleFacts{
	{role: RoleServiceOwner, groups: designing, scopes: serviceOnly},
	{role: RoleDesignCoordinator, groups: designing, process: "coordination"},
	{role: RoleCatalogueManager, groups: designing, scopes: serviceOnly, process: "catalogue"},
	{role: RoleServiceLevelManager, groups: designing, scopes: []string{"service", "customer"}, process: "servicelevel"},
	{role: RoleAvailabilityManager, groups: designing, scopes: serviceOnly, process: "availability"},
	{role: RoleCapacityManager, groups: designing, scopes: serviceOnly, process: "capacity"},
	{role: RoleContinuityManager, groups: designing, scopes: serviceOnly, process: "continuity"},
	{role: RoleSecurityManager, groups: designing, scopes: serviceOnly, process: "security"},
	{role: RoleSupplierManager, groups: designing, scopes: []string{"service", "supplier"}, process: "supplier"},
	{role: RoleCustomerRepresentative, scopes: []string{"customer"}},
	{role: RoleSupplierContact, scopes: []string{"supplier"}},
	{role: RoleAuditor, groups: inside},
	{role: RoleAdministrator, groups: inside},
}

// Roles lists every role in the order of the vocabulary.
func Roles() []Role {
	all := make([]Role, len(roles))
	for i, f := range roles {
		all[i] = f.role
	}
	return all
}

func (r Role) index() int {
	return slices.IndexFunc(roles, func(f roleFacts) bool { return f.role == r })
}

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool { return r.index() >= 0 }

// Scopes lists the kinds of object (slugs) to which a grant of r can be narrowed.
func (r Role) Scopes() []string {
	if i := r.index(); i >= 0 {
		return slices.Clone(roles[i].scopes)
	}
	return nil
}

// Process is the slug of the process that r manages ("capacity"), or "".
func (r Role) Process() string {
	if i := r.index(); i >= 0 {
		return roles[i].process
	}
	return ""
}

// ManagerOf gives the role that manages a process (slug), or "".
func ManagerOf(process string) Role {
	if process == "" {
		return ""
	}
	for _, f := range roles {
		if f.process == process {
			return f.role
		}
	}
	return ""
}

var processOfPrefix = map[string]string{
	"COO": "coordination", "CAT": "catalogue", "SLM": "servicelevel", "AVL": "availability",
	"CAP": "capacity", "CON": "continuity", "SEC": "security", "SUP": "supplier",
}

// ProcessOfRule gives the process (slug) to which a rule belongs, from the
// prefix of its identifier: "SLM-003" belongs to "servicelevel". Unknown
// prefixes give "", which no role manages.
func ProcessOfRule(rule string) string {
	prefix, _, ok := strings.Cut(rule, "-")
	if !ok {
		return ""
	}
	return processOfPrefix[prefix]
}

// roleSet is a set of roles, one bit each in the order of the table.
type roleSet uint16

func (s roleSet) with(r Role) roleSet {
	if i := r.index(); i >= 0 {
		return s | 1<<i
	}
	return s
}

func (s roleSet) has(r Role) bool {
	i := r.index()
	return i >= 0 && s&(1<<i) != 0
}

func (s roleSet) roles() []Role {
	var out []Role
	for i, f := range roles {
		if s&(1<<i) != 0 {
			out = append(out, f.role)
		}
	}
	return out
}

func (s roleSet) groups() []Group {
	var out []Group
	for i, f := range roles {
		if s&(1<<i) == 0 {
			continue
		}
		for _, g := range f.groups {
			if !slices.Contains(out, g) {
				out = append(out, g)
			}
		}
	}
	return out
}
