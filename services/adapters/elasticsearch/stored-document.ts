import type { ElasticsearchDocument, IndexDocument } from '../../../schemas/archive/index-document.ts';
import type { Item } from '../../../schemas/archive/item.ts';
import type { ItemId } from '../../../schemas/ids.ts';
import { damagedItem } from './index-fault.ts';
import { countedFieldsOf } from './search/counted-fields.ts';

/** As it is sent. */
export const toStored = (document: IndexDocument): ElasticsearchDocument => ({
  ...document,
  ...countedFieldsOf(document),
});

/** As it was put: nothing here is derived from the item, so that it can be compared. */
export const toIndexed = ({
  kind: _kind,
  sender: _sender,
  ...document
}: ElasticsearchDocument): IndexDocument => document;

/** What the index holds was valid when it was put. */
export const itemOf = (id: string, { item }: Pick<IndexDocument, 'item'>): Item => {
  try {
    return JSON.parse(item) as Item;
  } catch (error) {
    throw damagedItem(id as ItemId, error);
  }
};
