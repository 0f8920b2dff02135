/**
 * Jira answers in the language of the calling user, else of the installation. Clients must decide by status, and this
 * proves it.
 */
export const LOCALES = ['en', 'de', 'fr'] as const;
export type Locale = (typeof LOCALES)[number];

/**
 * userNotFound is recorded on real servers in all three languages. In English, userExists, usernameChars,
 * groupNotFound, groupExists, alreadyMember, cannotAddMissing, notMember, cannotRemoveMissing and notAuthenticated are
 * recorded, or matched by clients that run against real servers. Everything else is our own wording.
 */
const ENGLISH = {
  userNotFound: "The user named '{0}' does not exist",
  userKeyNotFound: 'The user with the key {0} does not exist',
  userExists: 'A user with that username already exists.',
  usernameRequired: 'You must specify a username.',
  usernameChars: "The username must not contain '<', '>' or '&'.",
  tooLong: 'This value must not exceed {0} characters in length.',
  emailInvalid: 'You must specify a valid email address.',
  displayNameRequired: 'You must specify a full name.',
  wrongType: "The value of '{0}' is not valid.",
  passwordRequired: 'You must specify a password.',
  userParameterRequired: 'Either the username or the key of the user must be provided.',
  searchParameterRequired: 'The username query parameter was not provided',
  groupNotFound: "The group named '{0}' does not exist",
  groupExists: 'A group or user with this name already exists.',
  groupNameRequired: 'You must specify a group name.',
  alreadyMember: "Cannot add user '{0}', user is already a member of '{1}'",
  cannotAddMissing: "Cannot add user. '{0}' does not exist",
  notMember: "Cannot remove user '{0}' from group '{1}' since user is not a member of '{1}'",
  cannotRemoveMissing: "User '{0}' does not exist",
  notAuthenticated: 'You are not authenticated. Authentication required to perform this operation.',
  notAdministrator: 'You are not allowed to perform this operation. Administrator privileges are required.',
  leadCannotBeDeactivated: "Cannot deactivate user '{0}' because the user leads these projects: {1}",
  selfCannotBeDeactivated: 'You cannot deactivate the user that you are logged in as.',
  selfCannotBeDeleted: 'You cannot delete the user that you are logged in as.',
  leadCannotBeDeleted: "Cannot delete user '{0}' because the user leads these projects: {1}",
  lastAdministrator: 'The last administrator cannot be removed.',
  readOnlyDirectory: 'The directory of this user or group is read-only.',
  propertyNotFound: "The property '{0}' does not exist.",
  propertyKeyTooLong: 'The property key must not be longer than {0} characters.',
  propertyValueTooLong: 'The property value must not be longer than {0} bytes.',
  unknownApplication: "The application '{0}' does not exist.",
  noSeats: "The licence of '{0}' has no seats left.",
  ownAccess: 'You cannot remove your own access.',
  bodyInvalid: 'The request body is not valid JSON.',
  pickerHeader: 'Showing {0} of {1} matching groups',
} as const;

export type MessageKey = keyof typeof ENGLISH;

const GERMAN: Readonly<Record<MessageKey, string>> = {
  userNotFound: "Der Benutzer namens '{0}' existiert nicht",
  userKeyNotFound: 'Der Benutzer mit dem Schlüssel {0} existiert nicht',
  userExists: 'Ein Benutzer mit diesem Benutzernamen existiert bereits.',
  usernameRequired: 'Sie müssen einen Benutzernamen angeben.',
  usernameChars: "Der Benutzername darf '<', '>' und '&' nicht enthalten.",
  tooLong: 'Dieser Wert darf nicht länger als {0} Zeichen sein.',
  emailInvalid: 'Sie müssen eine gültige E-Mail-Adresse angeben.',
  displayNameRequired: 'Sie müssen einen vollständigen Namen angeben.',
  wrongType: "Der Wert von '{0}' ist ungültig.",
  passwordRequired: 'Sie müssen ein Passwort angeben.',
  userParameterRequired: 'Der Name oder der Schlüssel des Benutzers muss angegeben werden.',
  searchParameterRequired: 'Der Abfrageparameter username wurde nicht angegeben',
  groupNotFound: "Die Gruppe namens '{0}' existiert nicht",
  groupExists: 'Es gibt bereits eine Gruppe oder einen Benutzer mit diesem Namen.',
  groupNameRequired: 'Sie müssen einen Gruppennamen angeben.',
  alreadyMember: "Der Benutzer '{0}' kann nicht hinzugefügt werden, er ist bereits Mitglied von '{1}'",
  cannotAddMissing: "Der Benutzer kann nicht hinzugefügt werden. '{0}' existiert nicht",
  notMember: "Der Benutzer '{0}' kann nicht aus der Gruppe '{1}' entfernt werden, er ist kein Mitglied von '{1}'",
  cannotRemoveMissing: "Der Benutzer '{0}' existiert nicht",
  notAuthenticated: 'Sie sind nicht angemeldet. Für diesen Vorgang ist eine Anmeldung erforderlich.',
  notAdministrator: 'Sie dürfen diesen Vorgang nicht ausführen. Er ist Administratoren vorbehalten.',
  leadCannotBeDeactivated: "Der Benutzer '{0}' kann nicht deaktiviert werden, er leitet diese Projekte: {1}",
  selfCannotBeDeactivated: 'Sie können den Benutzer nicht deaktivieren, als der Sie angemeldet sind.',
  selfCannotBeDeleted: 'Sie können den Benutzer nicht löschen, als der Sie angemeldet sind.',
  leadCannotBeDeleted: "Der Benutzer '{0}' kann nicht gelöscht werden, er leitet diese Projekte: {1}",
  lastAdministrator: 'Der letzte Administrator kann nicht entfernt werden.',
  readOnlyDirectory: 'Das Verzeichnis dieses Benutzers oder dieser Gruppe ist schreibgeschützt.',
  propertyNotFound: "Die Eigenschaft '{0}' existiert nicht.",
  propertyKeyTooLong: 'Der Schlüssel der Eigenschaft darf nicht länger als {0} Zeichen sein.',
  propertyValueTooLong: 'Der Wert der Eigenschaft darf nicht länger als {0} Bytes sein.',
  unknownApplication: "Die Anwendung '{0}' existiert nicht.",
  noSeats: "Die Lizenz von '{0}' hat keine freien Plätze mehr.",
  ownAccess: 'Sie können sich den Zugriff nicht selbst entziehen.',
  bodyInvalid: 'Der Inhalt der Anfrage ist kein gültiges JSON.',
  pickerHeader: '{0} von {1} übereinstimmenden Gruppen werden angezeigt',
};

const FRENCH: Readonly<Record<MessageKey, string>> = {
  userNotFound: "L'utilisateur '{0}' n'existe pas",
  userKeyNotFound: "L'utilisateur dont la clé est {0} n'existe pas",
  userExists: "Un utilisateur portant ce nom d'utilisateur existe déjà.",
  usernameRequired: "Vous devez indiquer un nom d'utilisateur.",
  usernameChars: "Le nom d'utilisateur ne doit pas contenir '<', '>' ou '&'.",
  tooLong: 'Cette valeur ne doit pas dépasser {0} caractères.',
  emailInvalid: 'Vous devez indiquer une adresse e-mail valide.',
  displayNameRequired: 'Vous devez indiquer un nom complet.',
  wrongType: "La valeur de '{0}' n'est pas valide.",
  passwordRequired: 'Vous devez indiquer un mot de passe.',
  userParameterRequired: "Le nom ou la clé de l'utilisateur doit être indiqué.",
  searchParameterRequired: "Le paramètre de requête username n'a pas été fourni",
  groupNotFound: "Le groupe '{0}' n'existe pas",
  groupExists: 'Un groupe ou un utilisateur portant ce nom existe déjà.',
  groupNameRequired: 'Vous devez indiquer un nom de groupe.',
  alreadyMember: "Impossible d'ajouter l'utilisateur '{0}', il est déjà membre de '{1}'",
  cannotAddMissing: "Impossible d'ajouter l'utilisateur. '{0}' n'existe pas",
  notMember: "Impossible de retirer l'utilisateur '{0}' du groupe '{1}', il n'est pas membre de '{1}'",
  cannotRemoveMissing: "L'utilisateur '{0}' n'existe pas",
  notAuthenticated: "Vous n'êtes pas authentifié. Cette opération exige une authentification.",
  notAdministrator: "Vous n'êtes pas autorisé à effectuer cette opération, réservée aux administrateurs.",
  leadCannotBeDeactivated: "Impossible de désactiver l'utilisateur '{0}', il dirige ces projets : {1}",
  selfCannotBeDeactivated: "Vous ne pouvez pas désactiver l'utilisateur avec lequel vous êtes connecté.",
  selfCannotBeDeleted: "Vous ne pouvez pas supprimer l'utilisateur avec lequel vous êtes connecté.",
  leadCannotBeDeleted: "Impossible de supprimer l'utilisateur '{0}', il dirige ces projets : {1}",
  lastAdministrator: 'Le dernier administrateur ne peut pas être retiré.',
  readOnlyDirectory: "L'annuaire de cet utilisateur ou de ce groupe est en lecture seule.",
  propertyNotFound: "La propriété '{0}' n'existe pas.",
  propertyKeyTooLong: 'La clé de la propriété ne doit pas dépasser {0} caractères.',
  propertyValueTooLong: 'La valeur de la propriété ne doit pas dépasser {0} octets.',
  unknownApplication: "L'application '{0}' n'existe pas.",
  noSeats: "La licence de '{0}' n'a plus de place.",
  ownAccess: 'Vous ne pouvez pas retirer votre propre accès.',
  bodyInvalid: "Le contenu de la requête n'est pas un JSON valide.",
  pickerHeader: 'Affichage de {0} groupes correspondants sur {1}',
};

const MESSAGES: Readonly<Record<Locale, Readonly<Record<MessageKey, string>>>> = {
  en: ENGLISH,
  de: GERMAN,
  fr: FRENCH,
};

export function message(locale: Locale, key: MessageKey, ...values: readonly (string | number)[]): string {
  return MESSAGES[locale][key].replace(/\{(\d)\}/g, (_match, index: string) => String(values[Number(index)] ?? ''));
}
