/**
 * What no public recording settles: every value that a real Jira may show, the default first. The default follows the
 * published documentation where it says anything; a client that is right must work with every value of every one.
 */
export const UNSETTLED = {
  /** POST /user without applicationKeys gives the default groups of the default applications. */
  createWithoutApplicationKeys: ['defaultGroups', 'noGroups'],
  /** POST /user with an empty list. */
  createWithNoApplications: ['noGroups', 'defaultGroups'],
  /** The answer of POST /user: the five fields of the documented example, or a whole bean. */
  createAnswer: ['short', 'full'],
  /** `active: false` in POST /user. */
  activeOnCreate: ['ignored', 'honoured'],
  /** A name that was deleted before gets its old key back. */
  keyOfRecreatedUser: ['old', 'new'],
  /** POST /user for a name that was deleted before answers 500 although the user is created. */
  recreateAnswer: ['created', 'serverError'],
  /** Names of fields in errors of PUT and POST /user: as in the request, or as on the forms (fullname, email). */
  errorFieldNames: ['request', 'form'],
  /** `password` in PUT /user of 10.x, which its documentation lists. */
  passwordInPut: ['ignored', 'applied'],
  /** DELETE /group of a group that does not exist. */
  deleteMissingGroupStatus: [404, 400],
  /** Where POST /group says that the name is taken: among the general messages, or at the field. */
  groupExistsPlace: ['errorMessages', 'name'],
  /** GET /group on 10.x, which its documentation no longer has. */
  deprecatedGroupOn10: ['absent', 'present'],
  /** POST /group/user for somebody who is a member through a subgroup only. */
  addMemberOfSubgroup: ['added', 'refused'],
  /** POST /group/user to a group with access to an application that has no seat left. */
  joinOverSeats: ['allowed', 'refused'],
  /** POST /user with application access when no seat is free. */
  createOverSeats: ['withoutAccess', 'refused'],
  /** An unknown or expired token where anonymous callers are let in. */
  badTokenOnOpenEndpoint: ['anonymous', 'refused'],
  /** The status while a CAPTCHA is asked for. */
  captchaStatus: [403, 401],
  /** POST /user/avatar makes the new picture the one that is shown, without a PUT. */
  avatarSelectedOnConfirm: ['no', 'yes'],
  deactivateProjectLead: ['refused', 'allowed'],
  /** The status of that refusal, and of those of deletion. */
  leadRefusalStatus: [400, 403, 409],
  deactivateSelf: ['refused', 'allowed'],
  /** An administrator who is no system administrator changes one. */
  changeSystemAdministrator: ['refused', 'allowed'],
  /** The status of a write to a directory that is read-only. */
  readOnlyStatus: [403, 400],
  /** The first patch of 10.3 that has user/list and readonly-mode. */
  firstPatchWithUserList: [24, 12, 1],
  userListOn105: ['absent', 'present'],
  /** Requests to experimental methods of Service Management without their header. */
  experimentalHeaderMissing: [412, 403],
  /** Who may change organizations. */
  organizationRight: ['agentOrAdministrator', 'agent'],
  /** A new organization of a name that is taken: the one that is there, a refusal, or a second one. */
  organizationNameTaken: ['existing', 'conflict', 'second'],
  /** Adding somebody to an organization who does not exist. */
  organizationUnknownUserStatus: [400, 404],
  /** /rest/usermanagement: groups of a user who does not exist (CWD-4470). */
  crowdGroupsOfMissingUser: ['notFound', 'empty'],
  /** /rest/usermanagement: a rename to a name that is taken (CWD-4819). */
  crowdRenameTakenStatus: [400, 500],
} as const;

export type UnsettledBehaviour = {
  readonly [Name in keyof typeof UNSETTLED]: (typeof UNSETTLED)[Name][number];
};

export const DEFAULT_BEHAVIOUR = Object.fromEntries(
  Object.entries(UNSETTLED).map(([name, [first]]) => [name, first])
) as unknown as UnsettledBehaviour;
