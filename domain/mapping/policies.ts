import type { AttributeName, MappedAttribute } from '../mapping';
import type { WhenEmpty, WhenInvalid } from '../mapping-settings';
import type { Reason } from '../operation';

/** What an attribute without a value does (rules 3.2, 7). A username cannot be kept or cleared: the user is excluded. */
export function withoutValue(name: AttributeName, action: WhenEmpty, reason: Reason): MappedAttribute {
  switch (action) {
    case 'outOfScope':
      return { kind: 'standing', standing: 'outOfScope', reason };
    case 'excludeUser':
      return { kind: 'standing', standing: 'excluded', reason };
    case 'keepExisting':
    case 'clear':
      if (name === 'username') return { kind: 'standing', standing: 'excluded', reason };
      return { kind: action === 'clear' ? 'clear' : 'keep' };
  }
}

/** What an attribute whose value cannot be written does (rules 1.5, 7). */
export function withWrongValue(name: AttributeName, action: WhenInvalid, reason: Reason): MappedAttribute {
  switch (action) {
    case 'holdUser':
      return { kind: 'standing', standing: 'invalid', reason };
    case 'excludeUser':
      return { kind: 'standing', standing: 'excluded', reason };
    case 'keepExisting':
      if (name === 'username') return { kind: 'standing', standing: 'excluded', reason };
      return { kind: 'keep' };
  }
}
