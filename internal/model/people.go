package model

// Person is a human actor: technician, manager, user. The name may be pseudonymous.
type Person struct {
	Email        string   `json:"email,omitempty,omitzero" l:"E-mail|Courriel"`
	Phone        string   `json:"phone,omitempty,omitzero" l:"Phone|Téléphone"`
	Employer     Ref      `json:"employer,omitempty,omitzero" ref:"supplier" l:"Employer, if a partner|Employeur, si partenaire" h:"The supplier the person works for. Leave empty for the organisation's own people.|Le fournisseur qui emploie la personne. À laisser vide pour le personnel de l'organisation."`
	Skills       []Ref    `json:"skills,omitempty,omitzero" ref:"skill" mat:"y" flow:"both" l:"Skills|Compétences"`
	Calendar     Ref      `json:"calendar,omitempty,omitzero" ref:"calendar" mat:"y" l:"Working hours|Heures de travail"`
	HoursPerWeek Duration `json:"hoursPerWeek,omitempty,omitzero" l:"Hours available a week|Heures disponibles par semaine" h:"Working time that services can call on each week.|Temps de travail que les services peuvent mobiliser chaque semaine."`
	Site         Ref      `json:"site,omitempty,omitzero" ref:"site" edge:"structure" l:"Usual site|Site habituel"`
	Joined       Date     `json:"joined,omitempty,omitzero" l:"Joined on|Arrivée le"`
	Left         Date     `json:"left,omitempty,omitzero" mat:"y" l:"Left on|Départ le" h:"From this day on the person holds nothing any more.|À partir de ce jour, la personne n'est plus titulaire de rien."`
}

// Team is a group of people that supports, operates or manages.
type Team struct {
	Members  []Ref    `json:"members,omitempty,omitzero" ref:"person" mat:"y" edge:"structure" l:"Members|Membres"`
	Lead     Ref      `json:"lead,omitempty,omitzero" ref:"person" l:"Lead|Responsable"`
	Calendar Ref      `json:"calendar,omitempty,omitzero" ref:"calendar" mat:"y" l:"Support hours|Plage de support"`
	OnCall   []OnCall `json:"onCall,omitempty,omitzero" mat:"y" l:"On-call rotas|Astreintes"`
	Respond  Duration `json:"respond,omitempty,omitzero" l:"Time to respond|Temps d'intervention" h:"How long the team takes to take charge within its hours.|Délai de prise en charge dans ses heures."`
	Supplier Ref      `json:"supplier,omitempty,omitzero" ref:"supplier" l:"Supplier, if outside|Fournisseur, si externe"`
	Work     []Load   `json:"work,omitempty,omitzero" l:"Recurring work|Charge récurrente"`
}

// OnCall is a rota: who can be called outside support hours.
type OnCall struct {
	Name     string    `json:"name,omitempty,omitzero" l:"Name|Nom"`
	Calendar Ref       `json:"calendar,omitempty,omitzero" ref:"calendar" mat:"y" l:"Hours covered|Heures couvertes"`
	Members  []Ref     `json:"members,omitempty,omitzero" ref:"person" mat:"y" l:"People in turn|Personnes à tour de rôle"`
	Turn     Period    `json:"turn,omitempty,omitzero" l:"Length of a turn|Durée d'un tour"`
	Start    Date      `json:"start,omitempty,omitzero" l:"First turn begins|Début du premier tour"`
	Handover ClockTime `json:"handover,omitempty,omitzero" l:"Handover at|Relève à"`
	Respond  Duration  `json:"respond,omitempty,omitzero" l:"Time to respond|Temps d'intervention"`
}

// Load is work that recurs each week and needs a skill.
type Load struct {
	Name         string   `json:"name,omitempty,omitzero" l:"Name|Nom"`
	Skill        Ref      `json:"skill,omitempty,omitzero" ref:"skill" l:"Skill|Compétence"`
	HoursPerWeek Duration `json:"hoursPerWeek,omitempty,omitzero" l:"Hours a week|Heures par semaine"`
	From         Date     `json:"from,omitempty,omitzero" l:"From|À partir du"`
	Until        Date     `json:"until,omitempty,omitzero" l:"Until|Jusqu'au"`
}

// UserGroup is a group of users of services, usually of one customer.
type UserGroup struct {
	Customer Ref   `json:"customer,omitempty,omitzero" ref:"customer" flow:"both" l:"Customer|Client"`
	Size     int   `json:"size,omitempty,omitzero" l:"Number of users|Nombre d'utilisateurs"`
	Sites    []Ref `json:"sites,omitempty,omitzero" ref:"site" l:"Sites|Sites"`
	Needs    Text  `json:"needs,omitempty,omitzero" l:"What they need|Leurs besoins"`
}

// Customer is who agrees service levels and receives services.
type Customer struct {
	External       bool  `json:"external,omitempty,omitzero" mat:"y" l:"External customer|Client externe" h:"Outside the organisation: a promise without an agreement is then an error.|Hors de l'organisation : un usage sans accord est alors une erreur."`
	Representative Ref   `json:"representative,omitempty,omitzero" ref:"person" l:"Representative|Représentant"`
	Uses           []Ref `json:"uses,omitempty,omitzero" ref:"service" flow:"both" mat:"y" l:"Services used|Services utilisés"`
	Objectives     Text  `json:"objectives,omitempty,omitzero" l:"Objectives|Objectifs"`
}

// RoleAssignment gives a role to its holder, with a deputy.
type RoleAssignment struct {
	Role     RoleName `json:"role,omitempty,omitzero" mat:"y" req:"y" l:"Role|Rôle"`
	Holder   Ref      `json:"holder,omitempty,omitzero" ref:"person" mat:"y" req:"y" l:"Holder|Titulaire"`
	Deputy   Ref      `json:"deputy,omitempty,omitzero" ref:"person" mat:"y" l:"Deputy|Suppléant"`
	Service  Ref      `json:"service,omitempty,omitzero" ref:"service" flow:"both" l:"Only for this service|Seulement pour ce service"`
	From     Date     `json:"from,omitempty,omitzero" l:"From|À partir du"`
	Until    Date     `json:"until,omitempty,omitzero" l:"Until|Jusqu'au"`
	NoDeputy Text     `json:"noDeputy,omitempty,omitzero" l:"No deputy, because|Pas de suppléant, parce que"`
}

// Skill is something a person can do that restoring or running a service needs.
type Skill struct {
	Family string `json:"family,omitempty,omitzero" l:"Family|Famille"`
	Level  string `json:"level,omitempty,omitzero" l:"Level expected|Niveau attendu"`
}
